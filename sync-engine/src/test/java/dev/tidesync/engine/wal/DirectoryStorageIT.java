package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStorageIT {
    @TempDir
    private Path directory;

    @Test
    void aLogInARealDirectoryIsThereAgainAfterReopening() throws IOException {
        Path nested = directory.resolve("a/b");
        try (Wal wal = Wal.open(nested)) {
            wal.append(WalBench.note(1));
        }

        try (Wal wal = Wal.open(nested)) {
            assertThat(WalBench.replay(wal)).containsExactly(WalBench.note(1));
        }
        assertThat(DirectoryStorage.open(nested).list()).containsExactly("outbox-000001.log", "outbox-000002.log");
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheFiles() throws IOException {
        try (Wal wal = Wal.open(directory)) {
            Thread.currentThread().interrupt();
            long offset = wal.append(WalBench.note(1));
            assertThat(wal.readAt(offset)).isEqualTo(WalBench.note(1));
            assertThat(Thread.interrupted()).isTrue();

            wal.append(WalBench.note(2));

            assertThat(WalBench.replay(wal)).containsExactly(WalBench.note(1), WalBench.note(2));
        }
    }

    @Test
    void anInterruptedThreadBeginsANewSegment() throws IOException {
        Wal.Config config = Wal.Config.builder().segmentBytes(2048).build();
        try (Wal wal = Wal.open(DirectoryStorage.open(directory), config)) {
            Thread.currentThread().interrupt();

            for (int i = 0; i < 100; i++) {
                wal.append(WalBench.note(i));
            }

            assertThat(Thread.interrupted()).isTrue();
            assertThat(wal.writer().isPoisoned()).isFalse();
        }
        assertThat(DirectoryStorage.open(directory).list()).hasSizeGreaterThan(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesAndDirectoriesBelongToTheirOwnerAlone() throws IOException {
        Path nested = directory.resolve("data");
        Wal.open(nested).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nested)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nested.resolve("outbox-000001.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void filesAreCreatedRenamedAndDeleted() throws IOException {
        LogStorage storage = DirectoryStorage.open(directory);
        try (LogFile file = storage.create("a")) {
            file.write(4, new byte[] {1, 2, 3}, 1, 2);
            file.force();
            file.truncate(5);
            assertThat(file.size()).isEqualTo(5);
        }

        storage.rename("a", "b");
        storage.syncDirectory();

        assertThat(storage.list()).isEqualTo(List.of("b"));
        byte[] content = new byte[8];
        try (LogFile file = storage.open("b")) {
            assertThat(file.read(3, content, 0, 8)).isEqualTo(2);
            assertThat(file.read(9, content, 0, 8)).isZero();
        }
        assertThat(content).startsWith(0, 2, 0);
        assertThatThrownBy(() -> storage.create("b")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> storage.open("a")).isInstanceOf(NoSuchFileException.class);
        storage.delete("b");
        storage.delete("b");
        assertThat(storage.list()).isEmpty();
    }
}
