package dev.tidesync.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tells which version this is, and on which Java it runs. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"tidesync " + version() + " (Java " + Runtime.version() + ")"};
    }

    private static String version() throws IOException {
        Properties build = new Properties();
        try (InputStream in = VersionProvider.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                throw new IOException("build.properties is missing beside " + VersionProvider.class);
            }
            build.load(in);
        }
        return build.getProperty("version");
    }
}
