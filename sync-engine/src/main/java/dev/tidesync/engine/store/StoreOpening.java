package dev.tidesync.engine.store;

import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.disk.StoreLock;
import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.LogMark;
import dev.tidesync.engine.wal.LogStorage;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from files to an open store: lock, log, index, a new life, and an import if there is something to import. */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final FileOutboxStore.Config config;
    private final LogStorage storage;
    private final String name;

    private StoreOpening(FileOutboxStore.Config config, LogStorage storage) {
        this.config = config;
        this.storage = storage;
        this.name = "outbox " + config.filePath();
    }

    /** Opens a store in a directory, which is made if it is not there. */
    static FileOutboxStore open(FileOutboxStore.Config config) {
        DirectoryStorage storage;
        StoreLock lock;
        try {
            storage = DirectoryStorage.open(config.directory());
            Path lockFile = config.directory().toRealPath().resolve(config.stem() + ".lock");
            lock = StoreLock.acquire(
                    lockFile,
                    "outbox " + config.filePath(),
                    StoreLock.Holder.thisProcess(config.holder(), config.clock().instant()));
            watch(storage, lockFile, lock);
        } catch (IOException failure) {
            throw cannotOpen("outbox " + config.filePath(), failure);
        }
        StoreParts.Timers timers = new StoreParts.Timers(
                new TimerThread("tidesync-" + config.stem()), new TimerThread("tidesync-" + config.stem() + "-upkeep"));
        DiskWatch watch = DiskWatch.start(
                "outbox " + config.filePath(), storage::stalledFor, "tidesync-" + config.stem() + "-disk");
        return open(config, storage, timers, () -> {
            watch.close();
            lock.release();
        });
    }

    private static void watch(DirectoryStorage storage, Path lockFile, StoreLock lock) throws IOException {
        try {
            storage.keepWatchOver(lockFile);
        } catch (IOException gone) {
            lock.release();
            throw gone;
        }
    }

    /** Opens a store on any storage. If that fails, timers and lock are let go. */
    static FileOutboxStore open(
            FileOutboxStore.Config config, LogStorage storage, StoreParts.Timers timers, StoreParts.Lock lock) {
        StoreOpening opening = new StoreOpening(config, storage);
        try {
            return opening.run(timers, lock);
        } catch (IOException failure) {
            timers.close();
            lock.release();
            throw cannotOpen(opening.name, failure);
        } catch (RuntimeException | Error failure) {
            timers.close();
            lock.release();
            throw failure;
        }
    }

    private static OutboxStoreException cannotOpen(String name, IOException failure) {
        return new OutboxStoreException(name + " cannot be opened: " + DiskTrouble.describe(failure), failure);
    }

    private FileOutboxStore run(StoreParts.Timers timers, StoreParts.Lock lock) throws IOException {
        VixTakeover takeover = new VixTakeover(storage, config.viewName(), config.clock());
        takeover.prepare(logExists());
        SnapshotFile snapshotFile = new SnapshotFile(storage, config);
        IndexLoading loading = new IndexLoading(new OpeningProgress(name, System::nanoTime));
        loading.load(snapshotFile);
        Wal wal = Wal.open(
                storage,
                Wal.Config.builder()
                        .stem(config.stem())
                        .segmentBytes(config.segmentBytes())
                        .fsyncOnWrite(config.fsyncOnWrite())
                        .clock(config.clock())
                        .keys(config.encryptionKeys())
                        .compressPayloads(config.compressPayloads())
                        .build(),
                loading.mark(),
                loading);
        try {
            return begin(wal, loading, snapshotFile, takeover, timers, lock);
        } catch (IOException | RuntimeException | Error failure) {
            wal.close();
            throw failure;
        }
    }

    private boolean logExists() throws IOException {
        Pattern segment = Pattern.compile(Pattern.quote(config.stem()) + "-\\d+\\.log");
        return storage.list().stream().anyMatch(segment.asMatchPredicate());
    }

    private FileOutboxStore begin(
            Wal wal,
            IndexLoading loading,
            SnapshotFile snapshotFile,
            VixTakeover takeover,
            StoreParts.Timers timers,
            StoreParts.Lock lock)
            throws IOException {
        OutboxIndex index = loading.index();
        Lives lives = loading.lives();
        report(wal, index);
        long incarnation = lives.count() + 1;
        WalRecord.Opened opened =
                new WalRecord.Opened(incarnation, config.clock().millis());
        long openedAt = wal.append(opened);
        index.apply(new LogPlace(openedAt, 0), opened);
        String owner = lives.ownerOf(incarnation);
        Journal journal = new Journal(wal, new DiskRoom(wal, name, config.segmentBytes()), name, owner);
        return new FileOutboxStore(new StoreParts(
                journal,
                index,
                new ViewFile(storage, config),
                snapshotFile,
                takeover,
                timers,
                lock,
                config,
                loading.mark().map(LogMark::offset).orElse(-1L),
                openedAt,
                incarnation,
                owner,
                wal.recovery()));
    }

    private void report(Wal wal, OutboxIndex index) {
        wal.recovery().damages().forEach(damage -> LOG.warn("{}: {}", name, damage.message()));
        boolean nothingWasDropped = wal.segments().get(0).firstOffset() == 0;
        if (index.orphans() > 0
                && (nothingWasDropped || !wal.recovery().damages().isEmpty())) {
            LOG.warn(
                    "{}: {} records belong to operations whose own record is damaged or gone; they are passed over",
                    name,
                    index.orphans());
        }
    }
}
