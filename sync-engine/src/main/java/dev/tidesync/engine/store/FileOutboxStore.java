package dev.tidesync.engine.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.disk.StoreLock;
import dev.tidesync.engine.wal.LogKeys;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecovery;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import dev.tidesync.spi.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The embedded outbox store: a write-ahead log in a directory, an index of it in memory, and {@code outbox.json} beside
 * it for people to read.
 *
 * <p><b>Durability:</b> what {@link #put}, {@link #markPermanentFailed}, {@link #cancel}, {@link #replay},
 * {@link #expire} and {@link #pruneDeadLetters} did is forced to disk when they return; deliveries, failures, releases
 * and {@link #pruneDone} within 50 ms. A claim is not waited for. With {@code fsyncOnWrite(false)} everything is only
 * written: it survives this process, but not a power cut.
 *
 * <p><b>Cost:</b> of a call, O(log n) in the number of operations, whatever their status. An operation that waits takes
 * about 80 bytes of direct memory and hardly any heap, one in a lane or with an error about 65 more, its payload none.
 * {@code -XX:MaxDirectMemorySize} limits direct memory, by default to as much as the heap.
 *
 * <p><b>Errors:</b> after a write or a force failed, nobody can know what the disk holds. From then on every change
 * throws {@link OutboxStoreException}, reading goes on, and the store must be opened again.
 *
 * <p><b>Threads:</b> safe for use by many. One process at a time owns a store, and holds a lock file meanwhile. Not
 * safe on network file systems whose locks or syncs are not those of a local disk.
 */
public final class FileOutboxStore implements OutboxStore {
    private final StoreParts parts;
    private final Journal journal;
    private final Ledger ledger;
    private final Intake intake;
    private final Outcomes outcomes;
    private final Claims claims;
    private final OperationReader reader;
    private final Listing listing;
    private final IndexSnapshots snapshots;
    private final Upkeep upkeep;
    private final Optional<ImportReport> importedOnOpen;
    private final AtomicBoolean closing = new AtomicBoolean();

    FileOutboxStore(StoreParts parts) throws IOException {
        this.parts = parts;
        this.journal = parts.journal();
        Housekeeping housekeeping = new Housekeeping(parts.timers().soon(), journal, this::refreshView);
        this.ledger = new Ledger(journal, parts.index(), housekeeping, this::tidyUpSoon);
        this.reader = new OperationReader(ledger, journal);
        this.intake = new Intake(ledger, journal, reader);
        this.outcomes = new Outcomes(ledger);
        this.claims = new Claims(ledger, journal, reader, outcomes);
        this.listing = new Listing(ledger, reader, new Incidents(journal), journal::durableOffset);
        this.snapshots = new IndexSnapshots(parts, ledger, intake);
        this.upkeep = upkeep();
        this.importedOnOpen = parts.takeover().finish(new VixImport(intake, listing));
        upkeep.start();
    }

    /**
     * Opens the store, makes it if there is none, and imports an {@code outbox.json} that Vix sync left there.
     *
     * @throws OutboxStoreException if another process holds it (names it), if the directory cannot be written, or if
     *     what lies there is not an outbox; says what to do
     */
    public static FileOutboxStore open(Config config) {
        return StoreOpening.open(config);
    }

    @Override
    public void put(Operation operation) {
        intake.put(List.of(operation));
    }

    /** Inserts all, or none if an intent conflicts; they share one force of the disk. */
    @Override
    public void putAll(List<Operation> operations) {
        intake.put(operations);
    }

    /** The appends of many calls share forces of the disk; answers complete on the log's own thread. */
    @Override
    public CompletionStage<Void> putAsync(Operation operation) {
        try {
            return intake.putAsync(operation);
        } catch (OutboxStoreException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    @Override
    public Optional<Operation> get(String id) {
        return listing.get(id);
    }

    @Override
    public List<Operation> list(ListOptions options) {
        return listing.list(options);
    }

    @Override
    public List<Operation> page(OperationStatus status, String afterId, int limit) {
        return listing.page(status, afterId, limit);
    }

    /** Incidents go back to where the log has given back the room, {@value Incidents#MOST} at most. */
    @Override
    public Optional<Standing> standing(String id, long nowMs) {
        return listing.standing(id, nowMs);
    }

    @Override
    public Map<OperationStatus, Long> counts() {
        return listing.counts();
    }

    @Override
    public OptionalLong nextDueAtMs(long nowMs) {
        return listing.nextDueAtMs(nowMs);
    }

    @Override
    public boolean claim(String id, String owner, long nowMs) {
        return claims.claim(id, owner, nowMs);
    }

    @Override
    public List<Claim> claimReady(ClaimRequest request) {
        return claims.claimReady(request);
    }

    @Override
    public void renewLeases(Collection<Claim> running, long nowMs) {
        claims.renewLeases(running, nowMs);
    }

    @Override
    public int requeueInflightOlderThan(long nowMs, long timeoutMs) {
        return claims.requeueInflightOlderThan(nowMs, timeoutMs);
    }

    /** Gives back everything that was claimed before this opening, whoever claimed it: a store has one process. */
    @Override
    public int reclaimAbandoned(String owner, long nowMs) {
        return claims.reclaimOlderThan(parts.openedAtOffset(), nowMs);
    }

    @Override
    public boolean markDone(String id, long nowMs) {
        return outcomes.settleInFlight(id, Ledger.Sync.SOON, entry -> new WalRecord.Delivered(entry.id, nowMs));
    }

    @Override
    public boolean markFailed(String id, String error, long nowMs, long nextRetryAtMs) {
        return outcomes.settleInFlight(
                id,
                Ledger.Sync.SOON,
                entry -> new WalRecord.Failed(
                        entry.id,
                        nowMs,
                        entry.attempt + 1,
                        nextRetryAtMs,
                        error,
                        "",
                        false,
                        false,
                        entry.previousIncident()));
    }

    @Override
    public boolean markPermanentFailed(String id, String error, long nowMs) {
        return outcomes.settleInFlight(
                id,
                Ledger.Sync.BEFORE_RETURN,
                entry -> new WalRecord.Buried(entry.id, nowMs, entry.attempt + 1, error, "", entry.previousIncident()));
    }

    @Override
    public boolean settle(Settlement settlement) {
        return outcomes.settleAll(List.of(settlement)).get(0);
    }

    /** Settles a batch; all of it reaches the disk together. */
    @Override
    public List<Boolean> settleAll(List<Settlement> settlements) {
        return outcomes.settleAll(settlements);
    }

    @Override
    public int expire(long nowMs) {
        return outcomes.expire(nowMs);
    }

    @Override
    public void cancel(String id, long nowMs) {
        outcomes.cancel(id, nowMs);
    }

    @Override
    public void replay(String id, long nowMs) {
        Operation buried = get(id).orElseThrow(() -> Outcomes.unknown(id));
        outcomes.replay(id, buried.lastError(), nowMs);
    }

    /** Replays a batch; all of it reaches the disk together. */
    @Override
    public int replayAll(Collection<String> ids, long nowMs) {
        Map<String, String> lastErrors = new LinkedHashMap<>();
        ids.forEach(id -> get(id).ifPresent(buried -> lastErrors.put(id, buried.lastError())));
        return outcomes.replayAll(lastErrors, nowMs);
    }

    @Override
    public int pruneDone(long olderThanMs) {
        return outcomes.pruneDone(olderThanMs);
    }

    @Override
    public int pruneDeadLetters(long olderThanMs) {
        return outcomes.pruneDeadLetters(olderThanMs);
    }

    @Override
    public void onReady(Runnable listener) {
        ledger.onReady(listener);
    }

    /** The store's own id and how often it has been opened, as {@code 0190…-…#7}. */
    @Override
    public String defaultOwner() {
        return parts.owner();
    }

    /** What opening the log found: damage, a torn tail. */
    public WalRecovery recovery() {
        return parts.recovery();
    }

    /** What was taken over when this store was opened; empty if there was nothing to import. */
    public Optional<ImportReport> importedOnOpen() {
        return importedOnOpen;
    }

    /**
     * Imports an {@code outbox.json} that Vix sync wrote, and leaves the file as it is. Claims are released, and times
     * that cannot be wall-clock become the present. What is imported is durable when this returns; doing it again does
     * no harm.
     *
     * @throws OutboxStoreException if the file cannot be read, or is not an outbox, or is the view of one
     */
    public ImportReport importVix(Path file) {
        try {
            JsonNode document = VixOutbox.parse(Files.readAllBytes(file), file.toString());
            if (VixOutbox.isView(document)) {
                throw new OutboxStoreException(
                        file + " cannot be imported: it is the view of an outbox that Tidesync keeps,"
                                + " and not what Vix sync wrote; use the directory of that outbox");
            }
            return new VixImport(intake, listing)
                    .run(document, parts.config().clock().millis());
        } catch (IOException unreadable) {
            throw new OutboxStoreException(
                    file + " cannot be imported: " + DiskTrouble.describe(unreadable), unreadable);
        }
    }

    /**
     * Does nothing as long as the store takes changes; for those who only look on, and would wait for ever.
     *
     * @throws OutboxStoreException if a write or a force has failed, so that the store must be opened again
     */
    public void requireWritable() {
        journal.requireWritable();
    }

    private Upkeep upkeep() {
        return new Upkeep(
                parts.timers().upkeep(),
                new Retention(outcomes, parts.config()),
                new Compactor(parts, ledger, intake),
                snapshots,
                logIsSound());
    }

    /** The files of a log that is damaged, or that a newer version wrote in, are kept, and read, as they are. */
    private boolean logIsSound() {
        return parts.recovery().damages().isEmpty() && parts.recovery().unknownRecords() == 0;
    }

    private void tidyUpSoon() {
        upkeep.soon();
    }

    /** Whether the index came from a snapshot, and only what follows it from the log. */
    boolean openedFromSnapshot() {
        return parts.snapshotMark() >= 0;
    }

    /** How many bytes of the log still count. */
    long liveBytes() {
        return ledger.read(OutboxIndex::liveBytes);
    }

    private void refreshView() {
        parts.viewFile().refresh(listing, reader);
    }

    /**
     * Forces what was logged, refreshes the view and gives the store free for others. If a write or a force had failed
     * before, nothing can be forced any more: outcomes that were not durable by then may be lost, and their operations
     * delivered again.
     *
     * @throws OutboxStoreException if forcing fails now; the store is closed all the same
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            parts.timers().close();
            refreshView();
            if (logIsSound()) {
                snapshots.finish();
            }
        } finally {
            ledger.close();
            closeJournal();
        }
    }

    private void closeJournal() {
        try {
            journal.close();
        } finally {
            parts.lock().release();
        }
    }

    /** Where a store lives and how it writes. Immutable. */
    public static final class Config {
        private static final String SUFFIX = ".json";

        private final Path filePath;
        private final boolean prettyJson;
        private final boolean fsyncOnWrite;
        private final long segmentBytes;
        private final Duration retainDoneFor;
        private final long retainDoneCount;
        private final long compactionBytesPerSecond;
        private final LogKeys encryptionKeys;
        private final boolean compressPayloads;
        private final InstantSource clock;
        private final String holder;

        private Config(Builder builder) {
            this.filePath = builder.filePath;
            this.prettyJson = builder.prettyJson;
            this.fsyncOnWrite = builder.fsyncOnWrite;
            this.segmentBytes = builder.segmentBytes;
            this.retainDoneFor = builder.retainDoneFor;
            this.retainDoneCount = builder.retainDoneCount;
            this.compactionBytesPerSecond = builder.compactionBytesPerSecond;
            this.encryptionKeys = LogKeys.of(builder.encryptionKey, builder.oldEncryptionKeys);
            this.compressPayloads = builder.compressPayloads;
            this.clock = builder.clock;
            this.holder = builder.holder;
        }

        /** A builder with the defaults. */
        public static Builder builder() {
            return new Builder();
        }

        /** The view for people; the log lies beside it under the same name. */
        public Path filePath() {
            return filePath;
        }

        /** Whether the view is indented. */
        public boolean prettyJson() {
            return prettyJson;
        }

        /** Whether the disk is forced. */
        public boolean fsyncOnWrite() {
            return fsyncOnWrite;
        }

        /** How large a file of the log grows, in bytes. */
        public long segmentBytes() {
            return segmentBytes;
        }

        /** How long after its delivery an operation is kept. */
        public Duration retainDoneFor() {
            return retainDoneFor;
        }

        /** How many delivered operations are kept. */
        public long retainDoneCount() {
            return retainDoneCount;
        }

        /** How many bytes of operations a second are copied so that files can go. */
        public long compactionBytesPerSecond() {
            return compactionBytesPerSecond;
        }

        /** Whether what is written is encrypted. */
        public boolean encrypts() {
            return encryptionKeys.encrypts();
        }

        /** What the log is encrypted with, and was before. */
        public LogKeys encryptionKeys() {
            return encryptionKeys;
        }

        /** Whether payloads are compressed. */
        public boolean compressPayloads() {
            return compressPayloads;
        }

        /** The wall clock. */
        public InstantSource clock() {
            return clock;
        }

        /** What others are told that holds the store. */
        public String holder() {
            return holder;
        }

        /** Where the files of this store lie. */
        Path directory() {
            return Objects.requireNonNull(filePath.toAbsolutePath().getParent(), "a file has a directory");
        }

        /** The view's file name. */
        String viewName() {
            return filePath.getFileName().toString();
        }

        /** What the names of all files of this store begin with. */
        String stem() {
            String name = viewName();
            return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
                    ? name.substring(0, name.length() - SUFFIX.length())
                    : name;
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private static final long MIN_SEGMENT_BYTES = 4 * 1024;

            private Path filePath = Path.of(".tidesync", "outbox.json");
            private boolean prettyJson;
            private boolean fsyncOnWrite = true;
            private long segmentBytes = 64L * 1024 * 1024;
            private Duration retainDoneFor = Duration.ofDays(7);
            private long retainDoneCount = 100_000;
            private long compactionBytesPerSecond = 8L * 1024 * 1024;
            private Optional<byte[]> encryptionKey = Optional.empty();
            private List<byte[]> oldEncryptionKeys = List.of();
            private boolean compressPayloads;
            private InstantSource clock = InstantSource.system();
            private String holder = StoreLock.Holder.commandOfThisProcess();

            private Builder() {}

            /**
             * The view for people; the log lies beside it under the same name. Default {@code .tidesync/outbox.json}.
             *
             * @throws IllegalArgumentException if the path names no file
             */
            public Builder filePath(Path value) {
                if (value.getFileName() == null
                        || value.getFileName().toString().isEmpty()) {
                    throw new IllegalArgumentException("filePath must name a file, was: '" + value + "'");
                }
                this.filePath = value;
                return this;
            }

            /** Whether to indent the view; default false. */
            public Builder prettyJson(boolean value) {
                this.prettyJson = value;
                return this;
            }

            /** Whether to force the disk; default true. Without it, a power cut loses what was acknowledged. */
            public Builder fsyncOnWrite(boolean value) {
                this.fsyncOnWrite = value;
                return this;
            }

            /**
             * How large a file of the log grows before the next one is begun; default 64 MiB.
             *
             * @throws IllegalArgumentException if below 4 KiB
             */
            public Builder segmentBytes(long value) {
                if (value < MIN_SEGMENT_BYTES) {
                    throw new IllegalArgumentException(
                            "segmentBytes must be at least " + MIN_SEGMENT_BYTES + ", was: " + value);
                }
                this.segmentBytes = value;
                return this;
            }

            /**
             * How long an operation is kept after it was delivered, by the clock, or by the times that callers name
             * where these are behind it; default seven days. Should be no less than receivers remember idempotency
             * keys, if ids may be used again.
             *
             * @throws IllegalArgumentException if negative
             */
            public Builder retainDoneFor(Duration value) {
                if (value.isNegative()) {
                    throw new IllegalArgumentException("retainDoneFor must be zero or more, was: " + value);
                }
                this.retainDoneFor = value;
                return this;
            }

            /**
             * How many delivered operations are kept, the newest; default 100,000.
             *
             * @throws IllegalArgumentException if negative
             */
            public Builder retainDoneCount(long value) {
                if (value < 0) {
                    throw new IllegalArgumentException("retainDoneCount must be 0 or more, was: " + value);
                }
                this.retainDoneCount = value;
                return this;
            }

            /**
             * How many bytes a second are copied at most, so that files in which little counts can go; default 8 MiB.
             *
             * @throws IllegalArgumentException if below 1
             */
            public Builder compactionBytesPerSecond(long value) {
                if (value < 1) {
                    throw new IllegalArgumentException("compactionBytesPerSecond must be at least 1, was: " + value);
                }
                this.compactionBytesPerSecond = value;
                return this;
            }

            /**
             * What the log is encrypted with from now on (AES-256-GCM); default nothing. The view for people is not
             * written then.
             *
             * @param key 32 random bytes; whoever loses them loses what is in the outbox
             * @throws IllegalArgumentException if it has another length
             */
            public Builder encryptionKey(byte[] key) {
                LogKeys.of(Optional.of(key), List.of()); // checks it
                this.encryptionKey = Optional.of(key.clone());
                return this;
            }

            /**
             * What the log was encrypted with before, and can still be read with; default nothing.
             *
             * @throws IllegalArgumentException if one has not 32 bytes
             */
            public Builder oldEncryptionKeys(List<byte[]> keys) {
                LogKeys.of(Optional.empty(), keys); // checks them
                this.oldEncryptionKeys = keys.stream().map(byte[]::clone).toList();
                return this;
            }

            /** Whether payloads are compressed where that makes them smaller; default false. */
            public Builder compressPayloads(boolean value) {
                this.compressPayloads = value;
                return this;
            }

            /** The wall clock; default the system's. */
            public Builder clock(InstantSource value) {
                this.clock = Objects.requireNonNull(value, "clock");
                return this;
            }

            /** What others are told that holds the store, as {@code tidesync run}; default the program's main class. */
            public Builder holder(String value) {
                this.holder = Objects.requireNonNull(value, "holder");
                return this;
            }

            /** The configuration. */
            public Config build() {
                return new Config(this);
            }
        }
    }
}
