package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** One process at a time owns a store, and it is a private one. */
class StoreLockIT {
    @TempDir
    Path directory;

    @Test
    void secondOpeningInTheSameProcessIsRefusedByName() {
        try (FileOutboxStore first = open("tidesync run")) {
            assertThat(first.counts()).isNotEmpty();

            assertThatThrownBy(() -> open("tidesync list"))
                    .isInstanceOfSatisfying(
                            OutboxStoreException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(OutboxStoreException.Reason.IN_USE))
                    .hasMessageMatching("outbox .*outbox\\.json is in use by process "
                            + ProcessHandle.current().pid() + " \\(tidesync run\\) since \\d\\d:\\d\\d:\\d\\d; "
                            + "stop it, or use another directory");
        }
    }

    @Test
    void secondOpeningUnderAnotherNameOfTheDirectoryIsRefusedToo() throws IOException {
        Path alias = directory.resolve("alias");
        Files.createDirectories(directory.resolve("real"));
        Files.createSymbolicLink(alias, directory.resolve("real"));
        try (FileOutboxStore first = open(directory.resolve("real"), "tidesync run")) {
            assertThat(first.counts()).isNotEmpty();

            assertThatThrownBy(() -> open(alias, "tidesync list")).isInstanceOf(OutboxStoreException.class);
        }
    }

    @Test
    void refusedOpeningLeavesTheLockWithItsHolder() throws Exception {
        try (FileOutboxStore first = open("tidesync run")) {
            assertThat(first.counts()).isNotEmpty();
            assertThatThrownBy(() -> open("tidesync list")).isInstanceOf(OutboxStoreException.class);

            Process other = startHolder();

            assertThat(other.waitFor()).isNotZero();
            assertThat(directory.resolve("ready")).doesNotExist();
        }
    }

    @Test
    void secondProcessIsToldWhoHoldsTheStore() throws Exception {
        Process holder = startHolder();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(directory.resolve("ready")));

            assertThatThrownBy(() -> open("tidesync list"))
                    .isInstanceOf(OutboxStoreException.class)
                    .hasMessageContaining("is in use by process " + holder.pid() + " (tidesync run) since ");
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void storeOfAKilledProcessCanBeOpenedAtOnce() throws Exception {
        Process holder = startHolder();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(directory.resolve("ready")));
        holder.destroyForcibly().waitFor();

        try (FileOutboxStore store = open("tidesync run")) {
            assertThat(store.defaultOwner()).endsWith("#2");
        }
    }

    @Test
    void closedStoreCanBeOpenedAgain() {
        open("first").close();

        open("second").close();
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        Path made = directory.resolve("made");
        open(made, "tidesync run").close();

        assertThat(permissions(made)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(made)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(permissions(file)).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    @Test
    void directoryThatCannotBeMadeIsAClearError() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertThatThrownBy(() -> open(file.resolve("below"), "tidesync run"))
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining(file.toString());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private FileOutboxStore open(String holder) {
        return open(directory, holder);
    }

    private static FileOutboxStore open(Path directory, String holder) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .holder(holder)
                .build());
    }

    private Process startHolder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        LockHolder.class.getName(),
                        directory.resolve("outbox.json").toString(),
                        directory.resolve("ready").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Where the classes come from, whether this test runs on the class path or on the module path. */
    private static String classPath() {
        List<Class<?>> needed = List.of(
                FileOutboxStore.class,
                OutboxStore.class,
                JsonMapper.class,
                JsonFactory.class,
                JsonInclude.class,
                Logger.class);
        return Stream.concat(Stream.of("target/test-classes"), needed.stream().map(StoreLockIT::location))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException notAFile) {
            throw new AssertionError(notAFile);
        }
    }
}
