package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A store whose files are taken away under it must not go on saying yes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows lets nobody delete a file that is open")
class ReplacedFilesIT {
    @TempDir
    private Path directory;

    private Path data;
    private FileOutboxStore store;

    @BeforeEach
    void openWithOneOperation() {
        data = directory.resolve("data");
        store = open();
        store.put(operation("before"));
    }

    @Test
    void deletedDirectoryIsNoticedBeforeTheNextAcknowledgement() throws IOException {
        deleteTree(data);

        assertRefused("outbox-000001.log was deleted, moved or replaced");
    }

    @Test
    void movedDirectoryIsNoticedAndOpensAgainElsewhereWithAllThatWasAcknowledged() throws IOException {
        Files.move(data, directory.resolve("moved"));

        assertRefused("outbox-000001.log was deleted, moved or replaced");

        data = directory.resolve("moved");
        try (FileOutboxStore moved = open()) {
            assertThat(moved.get("before")).isPresent();
        }
    }

    @Test
    void replacedSegmentIsNoticed() throws IOException {
        Path segment = data.resolve("outbox-000001.log");
        byte[] copy = Files.readAllBytes(segment);
        Files.delete(segment);
        Files.write(segment, copy);

        assertRefused("outbox-000001.log was deleted, moved or replaced");
    }

    /** Whoever deletes it lets a second process in. */
    @Test
    void deletedLockFileIsNoticed() throws IOException {
        Files.delete(data.resolve("outbox.lock"));

        assertRefused("outbox.lock was deleted, moved or replaced");
    }

    private void assertRefused(String problem) {
        assertThatThrownBy(() -> store.put(operation("after")))
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("takes no more changes")
                .hasMessageContaining(problem);
        assertThat(store.get("after")).as("never acknowledged").isEmpty();
        store.close();
    }

    private FileOutboxStore open() {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(data.resolve("outbox.json"))
                .build());
    }

    private static Operation operation(String id) {
        return Operation.builder().id(id).kind("test.write").target("/").build();
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
