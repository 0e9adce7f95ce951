package dev.tidesync.engine.store;

import dev.tidesync.spi.OutboxStore;
import dev.tidesync.tck.OutboxStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** The store's contract on a real directory. */
class FileOutboxStoreContractIT extends OutboxStoreContract {
    @TempDir
    Path directory;

    @Override
    protected OutboxStore openStore() {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .retainDoneFor(Duration.ofDays(36_500)) // the rules deliver in times long over
                .build());
    }
}
