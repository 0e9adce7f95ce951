package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.distribution.Bundle.Result;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidesync plugins} on the bundle: what is installed, candidates, and those that end the process. */
@Timeout(300)
class PluginsIT {
    private static final String LOCK = "plugins.lock=";

    @TempDir
    Path directory;

    private final Bundle bundle = Bundle.assembled();

    @Test
    void theBundlesOwnPluginsPassTheCheckAndTheDoctor() throws Exception {
        Result check = bundle.run("plugins", "check", "--json", "--data", data());
        Result doctor = bundle.run("plugins", "doctor", "--json", "--data", data());

        assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
        assertThat(check.lines()).hasSize(3).allMatch(line -> line.contains("\"state\":\"READY\""));
        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        assertThat(doctor.lines()).hasSize(4).allMatch(line -> line.endsWith("\"findings\":[]}"));
    }

    @Test
    void aCandidateIsTriedBesideWhatIsInstalledWithoutBeingInstalled() throws Exception {
        Path candidates = candidate("Mail", "return op -> SendResult.delivered();");

        Result check = bundle.run("plugins", "check", "--folder", candidates.toString(), "--data", data());

        assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
        assertThat(check.out()).contains("mail.", "http.");
        assertThat(bundle.run("plugins", "list", "--data", data()).out()).doesNotContain("mail.");
    }

    @Test
    void aPluginThatEndsTheProcessIsNamedByTheCheckAndWhenItDoesSo() throws Exception {
        Path candidates = candidate("Leaver", "System.exit(0); return op -> SendResult.delivered();");
        String named = "plugin 'leaver' ended this process: Leaver.create calls System.exit";

        Result check = bundle.run("plugins", "check", "--folder", candidates.toString(), "--data", data());
        Result run = bundle.run("run", "--set", "plugins.dir=" + candidates, "--data", data());

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.err())
                .contains(
                        named,
                        "the plugins could not all be tried: the process that tried them ended with exit code 0");
        assertThat(run.err()).contains(named);
    }

    @Test
    void aLockedInstallationLoadsNothingElse() throws Exception {
        Bundle own = Bundle.copyTo(directory.resolve("bundle"));
        String lock = LOCK + directory.resolve("plugins.lock");
        Result locked = own.run("plugins", "lock", "--set", lock);
        assertThat(locked.out()).as(locked.err()).contains(" JARs locked in ");
        assertThat(own.run("plugins", "verify", "--set", lock).exitCode()).isZero();

        CustomTransport.build(
                own.home(),
                "Mail",
                source("Mail", "return op -> SendResult.delivered();"),
                own.home().resolve("plugins/mail.jar"));

        Result verified = own.run("plugins", "verify", "--set", lock);
        Result listed = own.run("plugins", "list", "--set", lock, "--data", data());
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out()).contains("mail.jar has a JAR that is not locked: mail.jar");
        assertThat(listed.exitCode()).isEqualTo(1);
        assertThat(listed.out()).contains("http.", "REJECTED", "has a JAR that is not locked: mail.jar");
    }

    @Test
    void theDoctorNamesClassesThatLieInTwoJarsAndCopiesOfTheApi() throws Exception {
        Bundle own = Bundle.copyTo(directory.resolve("bundle"));
        Path folder = own.home().resolve("plugins/mail");
        String source = source("Mail", "return op -> SendResult.delivered();");
        CustomTransport.build(own.home(), "Mail", source, folder.resolve("new.jar"));
        CustomTransport.build(own.home(), "Mail", source, folder.resolve("old.jar"));
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(own.home().resolve("lib"), "sync-api-*.jar")) {
            Files.copy(jars.iterator().next(), folder.resolve("sync-api.jar"));
        }

        Result doctor = own.run("plugins", "doctor", "--data", data());

        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out())
                .contains(
                        "new.jar and old.jar both hold Mail.class, of which the first is used; remove one of the JARs",
                        "sync-api.jar holds a copy of sync-api, which is not used");
    }

    private Path candidate(String className, String create) throws IOException {
        Path candidates = directory.resolve("candidates");
        CustomTransport.build(
                bundle.home(),
                className,
                source(className, create),
                candidates.resolve(className.toLowerCase(Locale.ROOT) + "/plugin.jar"));
        return candidates;
    }

    private static String source(String className, String create) {
        String id = className.toLowerCase(Locale.ROOT);
        return "import dev.tidesync.api.*; import dev.tidesync.spi.*;\n"
                + "public class " + className + " implements SyncTransportProvider {\n"
                + "  public TransportDescriptor descriptor() {\n"
                + "    return TransportDescriptor.builder(\"" + id + "\", SyncSpi.LEVEL).version(\"1\").kindPrefix(\""
                + id + ".\").build();\n"
                + "  }\n"
                + "  public ISyncTransport create(TransportContext context) { " + create + " }\n"
                + "}\n";
    }

    private String data() {
        return directory.resolve("data").toString();
    }
}
