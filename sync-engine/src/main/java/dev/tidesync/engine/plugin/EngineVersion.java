package dev.tidesync.engine.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this engine, from the properties that the build puts into its JAR. */
final class EngineVersion {
    /** The version; "development" when the classes run without their JAR. */
    static final String VERSION = read();

    private EngineVersion() {}

    private static String read() {
        try (InputStream properties =
                EngineVersion.class.getResourceAsStream("/META-INF/maven/dev.tidesync/sync-engine/pom.properties")) {
            if (properties == null) {
                return "development";
            }
            Properties read = new Properties();
            read.load(properties);
            return read.getProperty("version", "development");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the version of the engine from its JAR", unreadable);
        }
    }
}
