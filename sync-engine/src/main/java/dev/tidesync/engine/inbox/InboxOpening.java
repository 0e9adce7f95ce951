package dev.tidesync.engine.inbox;

import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.disk.StoreLock;
import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.LogStorage;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from files to an open inbox: lock, log, index. */
final class InboxOpening {
    private static final Logger log = LoggerFactory.getLogger(InboxOpening.class);
    private static final String STEM = "inbox";

    /** An open log and the index of what is in it. */
    record Opened(Wal wal, InboxIndex index) {}

    private InboxOpening() {}

    /** Opens an inbox in its directory, which is made if it is not there. */
    static FileInbox open(FileInbox.Config config) {
        try {
            DirectoryStorage storage = DirectoryStorage.open(config.directory());
            Path lockFile = config.directory().toRealPath().resolve(STEM + ".lock");
            StoreLock lock = StoreLock.acquire(
                    lockFile,
                    config.name(),
                    StoreLock.Holder.thisProcess(
                            StoreLock.Holder.commandOfThisProcess(),
                            config.clock().instant()));
            watch(storage, lockFile, lock);
            return open(config, storage, lock::release);
        } catch (IOException failure) {
            throw cannotOpen(config, failure);
        }
    }

    /** From now on a force fails if the lock is lost. */
    private static void watch(DirectoryStorage storage, Path lockFile, StoreLock lock) throws IOException {
        try {
            storage.keepWatchOver(lockFile);
        } catch (IOException gone) {
            lock.release();
            throw gone;
        }
    }

    /** Opens an inbox on any storage. If that fails, the lock is let go. */
    static FileInbox open(FileInbox.Config config, LogStorage storage, Runnable lock) {
        try {
            return new FileInbox(config, read(config, storage), lock);
        } catch (IOException failure) {
            lock.run();
            throw cannotOpen(config, failure);
        } catch (RuntimeException failure) {
            lock.run();
            throw failure;
        }
    }

    private static Opened read(FileInbox.Config config, LogStorage storage) throws IOException {
        Wal wal = Wal.open(
                storage,
                Wal.Config.builder()
                        .stem(STEM)
                        .segmentBytes(config.segmentBytes())
                        .fsyncOnWrite(config.fsyncOnWrite())
                        .clock(config.clock())
                        .keys(config.encryptionKeys())
                        .compressPayloads(config.compressPayloads())
                        .build());
        try {
            InboxIndex index = new InboxIndex(new SecureRandom().nextLong());
            wal.replay(0, index::apply);
            wal.recovery().damages().forEach(damage -> log.warn("{}: {}", config.name(), damage.message()));
            return new Opened(wal, index);
        } catch (IOException | RuntimeException failure) {
            wal.close();
            throw failure;
        }
    }

    private static OutboxStoreException cannotOpen(FileInbox.Config config, IOException failure) {
        return new OutboxStoreException(config.name() + " cannot be opened: " + DiskTrouble.describe(failure), failure);
    }
}
