package dev.tidesync.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a plugin of the last release relies on has gone; and the comparison that says so bites. */
class ApiCompatibilityTest {
    /** The last release's JAR, put there when it is tagged: see docs/compatibility.md. */
    private static final Path LAST_RELEASE = Path.of("src/test/released/sync-api.jar");

    private static final String OLD_INTERFACE = "public interface Plugin { String name(); }";

    @TempDir
    private Path directory;

    @Test
    void nothingOfTheLastReleaseHasGone() throws Exception {
        assumeThat(LAST_RELEASE).as("there is no release to compare with yet").exists();

        Path today = ApiComparison.pack(PublicApiTest.classes(), directory.resolve("today.jar"));
        assertThat(ApiComparison.breaks(LAST_RELEASE, today)).isEmpty();
    }

    @Test
    void todaysApiIsCompatibleWithItself() throws Exception {
        Path today = ApiComparison.pack(PublicApiTest.classes(), directory.resolve("today.jar"));

        assertThat(ApiComparison.breaks(today, today)).isEmpty();
    }

    @Test
    void aMethodWithADefaultMayBeAdded() throws Exception {
        assertThat(breaks(
                        OLD_INTERFACE, "public interface Plugin { String name(); default int level() { return 1; } }"))
                .isEmpty();
    }

    @Test
    void aMethodWithoutADefaultBites() throws Exception {
        assertThat(breaks(OLD_INTERFACE, "public interface Plugin { String name(); int level(); }"))
                .containsExactly("Plugin.level(): METHOD_ADDED_TO_INTERFACE");
    }

    @Test
    void aMethodWithoutADefaultMayBeAddedToWhatTheHostImplements() throws Exception {
        assertThat(breaks(
                        "@dev.tidesync.spi.HostImplemented " + OLD_INTERFACE,
                        "@dev.tidesync.spi.HostImplemented public interface Plugin { String name(); int level(); }"))
                .isEmpty();
    }

    @Test
    void aMethodThatGoesBitesEvenThere() throws Exception {
        assertThat(breaks(
                        "@dev.tidesync.spi.HostImplemented " + OLD_INTERFACE,
                        "@dev.tidesync.spi.HostImplemented public interface Plugin {}"))
                .containsExactly("Plugin.name(): METHOD_REMOVED");
    }

    @Test
    void anotherResultAComponentOfARecordAndAClassThatGoesBite() throws Exception {
        assertThat(breaks(OLD_INTERFACE, "public interface Plugin { Object name(); }"))
                .contains("Plugin.name(): METHOD_RETURN_TYPE_CHANGED");
        assertThat(breaks("public record Plugin(int a) {}", "public record Plugin(int a, int b) {}"))
                .contains("Plugin(): CONSTRUCTOR_REMOVED");
        assertThat(breaks(OLD_INTERFACE, "interface Plugin { String name(); }"))
                .contains("Plugin: CLASS_LESS_ACCESSIBLE");
    }

    private List<String> breaks(String older, String newer) throws Exception {
        return ApiComparison.breaks(compiled("older", older), compiled("newer", newer));
    }

    private Path compiled(String version, String source) throws Exception {
        Path work = Files.createDirectories(directory.resolve(version));
        Path file = Files.writeString(work.resolve("Plugin.java"), source);
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output);
        int exitCode = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        printer,
                        printer,
                        "-proc:none",
                        "-d",
                        work.resolve("classes").toString(),
                        "-cp",
                        PublicApiTest.classes().toString(),
                        file.toString());
        assertThat(exitCode).as(output.toString()).isZero();
        return ApiComparison.pack(work.resolve("classes"), directory.resolve(version + ".jar"));
    }
}
