package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that hangs: no error comes, and no answer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HungDiskIT {
    @TempDir
    Path directory;

    @Test
    void appendWaitsForAFrozenFileSystemAndIsThereWhenItThaws() throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (LoopDisk disk = LoopDisk.make(directory, "ext4")) {
            DirectoryStorage storage = DirectoryStorage.open(disk.root());
            try (Wal wal = Wal.open(storage, Wal.Config.builder().build())) {
                assertThat(storage.stalledFor()).isEqualTo(Duration.ZERO);
                disk.freeze();
                Future<Long> offset = caller.submit(() -> wal.append(new WalRecord.Opened(7, 1)));

                await().until(() -> storage.stalledFor().compareTo(Duration.ofMillis(300)) > 0);
                assertThat(offset).isNotDone();

                disk.unfreeze();
                assertThat(wal.readAt(offset.get())).isEqualTo(new WalRecord.Opened(7, 1));
                assertThat(storage.stalledFor()).isEqualTo(Duration.ZERO);
            }
        } finally {
            caller.shutdownNow();
        }
    }
}
