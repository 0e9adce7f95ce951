package dev.tidesync.engine.inbox;

import dev.tidesync.tck.InboxContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** The inbox's contract on a real directory. */
class FileInboxContractIT extends InboxContract {
    @TempDir
    Path directory;

    @Override
    protected Opened openInbox() {
        FileInbox inbox = FileInbox.open(FileInbox.Config.builder()
                .directory(directory)
                .retryBaseDelay(Duration.ofMillis(5))
                .build());
        return new Opened(inbox, inbox::close);
    }
}
