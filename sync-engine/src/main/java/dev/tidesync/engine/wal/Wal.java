package dev.tidesync.engine.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A write-ahead log: records in the order they were appended, durable, checked, and recovered after a crash.
 *
 * <p>One process at a time may have a log open; whoever opens it sees to that.
 *
 * <p><b>Threads:</b> safe for use by many; a {@link WalReader} belongs to one.
 */
public final class Wal implements AutoCloseable {
    private final LogStorage storage;
    private final SegmentFiles files;
    private final SegmentCatalog catalog;
    private final WalWriter writer;
    private final WalRecovery recovery;
    private final DamageLog damageLog;
    private final ReentrantLock dropping = new ReentrantLock();

    private Wal(LogStorage storage, SegmentFiles files, LogRecovery recovered, DamageLog damageLog) {
        this.storage = storage;
        this.files = files;
        this.catalog = recovered.catalog();
        this.writer = new WalWriter(catalog, recovered.active());
        this.recovery = recovered.report();
        this.damageLog = damageLog;
    }

    /**
     * Opens the log in a directory with default settings, and makes the directory if there is none.
     *
     * @throws WalFormatException if the files are of a newer format, or of two logs
     * @throws IOException if the disk fails
     */
    public static Wal open(Path directory) throws IOException {
        return open(DirectoryStorage.open(directory), Config.builder().build());
    }

    /**
     * Opens a log, recovers it and begins a new segment. When this returns, all that {@link #replay} will show is
     * durable.
     *
     * @throws WalFormatException if the files are of a newer format, or of two logs
     * @throws IOException if the disk fails
     */
    public static Wal open(LogStorage storage, Config config) throws IOException {
        return recover(storage, config, new LogOpening(Optional.empty(), WalIndexer.NOBODY, ""));
    }

    /**
     * As {@link #open(LogStorage, Config)}, and hands every record to an indexer, reading most of the log once only.
     *
     * @param mark the indexer has everything that lies before it, and gets only what follows, if the log is the one
     *     that the mark was made in; if not, the indexer is told to begin
     * @throws WalFormatException if the files are of a newer format, or of two logs
     * @throws IOException if the disk fails
     */
    public static Wal open(LogStorage storage, Config config, Optional<LogMark> mark, WalIndexer indexer)
            throws IOException {
        LogOpening opening = new LogOpening(mark, indexer, storage.describe(config.stem()));
        Wal wal = recover(storage, config, opening);
        try {
            opening.finish(wal.reader());
            return wal;
        } catch (Throwable failure) {
            wal.close();
            throw failure;
        }
    }

    private static Wal recover(LogStorage storage, Config config, LogOpening opening) throws IOException {
        SegmentFiles files = new SegmentFiles(storage);
        DamageLog damageLog = new DamageLog();
        try {
            return new Wal(storage, files, LogRecovery.run(storage, files, config, damageLog, opening), damageLog);
        } catch (Throwable failure) {
            files.close();
            throw failure;
        }
    }

    /**
     * Appends a record and waits until it is durable.
     *
     * @return its offset: greater than every offset before it, also across restarts
     * @throws IOException if the disk failed, now or before
     */
    public long append(WalRecord record) throws IOException {
        long offset = writer.append(record);
        writer.awaitDurable(offset);
        return offset;
    }

    /**
     * Hands every record from an offset on to the consumer, in the order they were appended; those that the log writes
     * for itself are left out.
     *
     * @return the offset of the last record handed on; -1 if there was none
     * @throws IOException if the disk fails
     */
    public long replay(long fromOffset, WalConsumer consumer) throws IOException {
        WalReader reader = reader();
        reader.seek(fromOffset);
        long last = -1;
        for (var record = reader.next(); record.isPresent(); record = reader.next()) {
            if (!isHousekeeping(record.get())) {
                last = reader.recordOffset();
                consumer.accept(last, record.get());
            }
        }
        return last;
    }

    private static boolean isHousekeeping(WalRecord record) {
        return record instanceof WalRecord.Watermark
                || record instanceof WalRecord.TailCut
                || record instanceof WalRecord.LogBegins;
    }

    /**
     * The record at an offset that {@link #append} or {@link #replay} gave, also if it was appended only now.
     *
     * @throws WalDroppedException if its segment has been dropped
     * @throws IOException if it is damaged, or the disk fails
     * @throws IllegalArgumentException if the log does not reach so far
     */
    public WalRecord readAt(long offset) throws IOException {
        return new Lookup(FrameScanner.RECORD_WINDOW_BYTES).at(offset);
    }

    /** Reads records as {@link #readAt} does, many of which lie near each other. */
    public Lookup lookup() {
        return new Lookup(FrameScanner.NEIGHBOURS_WINDOW_BYTES);
    }

    /** Reads single records; neighbours come from the disk together. Confined to one thread. */
    public final class Lookup implements RecordSource {
        private final int windowBytes;
        private @Nullable FrameScanner frames;
        private SegmentHeader header;
        private long end;

        private Lookup(int windowBytes) {
            this.windowBytes = windowBytes;
            this.header = catalog.at(0).header();
        }

        @Override
        public WalRecord at(long offset) throws IOException {
            try {
                catalog.requireKept(offset);
                FrameScanner scanner = framesWith(offset);
                scanner.require(header.positionOf(offset));
                return scanner.record();
            } catch (IOException failure) {
                frames = null; // nobody knows what it holds
                catalog.requireKept(offset);
                throw failure;
            }
        }

        private FrameScanner framesWith(long offset) throws IOException {
            FrameScanner known = frames;
            if (known != null && header.base() <= offset && offset < end) {
                return known;
            }
            long written = writtenBeyond(offset);
            Segment segment = catalog.at(offset);
            header = segment.header();
            end = Math.min(written, catalog.endOf(segment));
            FrameScanner found =
                    new FrameScanner(segment, files.source(segment.file()), windowBytes, damageLog::report);
            found.limit(header.positionOf(end), header.positionOf(end));
            frames = found;
            return found;
        }
    }

    private long writtenBeyond(long offset) throws IOException {
        long written = writer.writtenOffset();
        if (offset >= written) {
            writer.flush();
            written = writer.writtenOffset();
        }
        if (offset < 0 || offset >= written) {
            throw new IllegalArgumentException(
                    "offset must be 0 or more and less than " + written + ", was: " + offset);
        }
        return written;
    }

    /** The files that make up the log, oldest first; the last is the one that is written. */
    public List<WalSegment> segments() {
        return catalog.describeAll(writer.writtenOffset());
    }

    /**
     * Drops the segments that end at or before an offset, and gives their room free; the newest is never dropped. What
     * still counts of them must have been appended again before. From then on, reading there throws
     * {@link WalDroppedException}.
     *
     * <p><b>Durability:</b> first everything appended so far is forced, also where forcing is switched off, and with it
     * a mark of where the log begins; only then are files deleted. After a crash in between, the next opening deletes
     * the rest.
     *
     * @return how many bytes were given free
     * @throws IOException if the disk fails; if it fails to delete a file, the next opening tries again
     */
    public long dropBefore(long offset) throws IOException {
        dropping.lock();
        try {
            List<Segment> whole = catalog.wholeBefore(offset);
            return whole.isEmpty() ? 0 : drop(whole);
        } finally {
            dropping.unlock();
        }
    }

    private long drop(List<Segment> whole) throws IOException {
        SegmentHeader first = catalog.after(whole.get(whole.size() - 1)).header();
        writer.forceToDisk();
        writer.appendOwn(new WalRecord.LogBegins(first.number(), first.base()));
        writer.forceToDisk();
        long bytes = catalog.bytesOf(whole);
        catalog.dropBefore(first.number());
        for (Segment segment : whole) {
            files.forget(segment.file());
            storage.delete(segment.file());
        }
        writer.syncNames();
        return bytes;
    }

    /**
     * Ends the newest segment before it is full, so that {@link #dropBefore} can drop it too.
     *
     * @throws NoRoomException if there is no room for another, and no reserve; nothing has changed then
     * @throws IOException if the disk fails
     */
    public void beginNextSegment() throws IOException {
        writer.beginNextSegment();
    }

    /**
     * Appends a record that stands for the place where the log is now: all that was appended before lies before it. It
     * is not durable yet.
     *
     * @throws IOException if an earlier write or force failed
     */
    public long appendMark() throws IOException {
        return writer.appendOwn(catalog.begins());
    }

    /**
     * Forces what was appended up to a mark, also where forcing is switched off, and describes the mark for
     * {@link #open(LogStorage, Config, Optional, WalIndexer)}. No segment may be dropped meanwhile.
     *
     * @param offset what {@link #appendMark} gave
     * @throws IOException if the disk fails
     */
    public LogMark forceMark(long offset) throws IOException {
        writer.forceToDisk();
        return new LogMark(storeId(), offset, catalog.partsUpTo(offset));
    }

    /** The writer, for those who append now and wait later. */
    public WalWriter writer() {
        return writer;
    }

    /** A reader that stands at the beginning of the log. */
    public WalReader reader() {
        return new WalReader(catalog, files, writer, damageLog);
    }

    /** What opening the log found. */
    public WalRecovery recovery() {
        return recovery;
    }

    /** The log's own id, given to it when it was created. */
    public UUID storeId() {
        return catalog.storeId();
    }

    /**
     * Forces what was appended, marks the log as complete, and closes its files. Closing twice does nothing.
     *
     * @throws IOException if the disk fails; what was reported durable still is
     */
    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            files.close();
        }
    }

    /** How a log is kept. Immutable. */
    public static final class Config {
        private final String stem;
        private final long segmentBytes;
        private final boolean fsyncOnWrite;
        private final InstantSource clock;
        private final RandomGenerator random;
        private final LogKeys keys;
        private final boolean compressPayloads;

        private Config(Builder builder) {
            this.stem = builder.stem;
            this.segmentBytes = builder.segmentBytes;
            this.fsyncOnWrite = builder.fsyncOnWrite;
            this.clock = builder.clock;
            this.random = builder.random;
            this.keys = builder.keys;
            this.compressPayloads = builder.compressPayloads;
        }

        /** A builder with every default set. */
        public static Builder builder() {
            return new Builder();
        }

        /** What the names of the files begin with. */
        public String stem() {
            return stem;
        }

        /** How large a segment grows, in bytes, before the next one is begun; one group may exceed it. */
        public long segmentBytes() {
            return segmentBytes;
        }

        /** Whether waiting for durability forces the disk. */
        public boolean fsyncOnWrite() {
            return fsyncOnWrite;
        }

        InstantSource clock() {
            return clock;
        }

        RandomGenerator random() {
            return random;
        }

        LogKeys keys() {
            return keys;
        }

        BodyFormat format() {
            return new BodyFormat(keys.encrypts(), compressPayloads);
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private static final long SMALLEST_SEGMENT_BYTES = 2048;

            private String stem = "outbox";
            private long segmentBytes = 64L * 1024 * 1024;
            private boolean fsyncOnWrite = true;
            private InstantSource clock = InstantSource.system();
            private RandomGenerator random = new SecureRandom();
            private LogKeys keys = LogKeys.none();
            private boolean compressPayloads;

            private Builder() {}

            /** What the names of the files begin with; default {@code outbox}. */
            public Builder stem(String value) {
                this.stem = Objects.requireNonNull(value);
                return this;
            }

            /** How large a segment grows, in bytes; default 64 MiB, at least 2048. */
            public Builder segmentBytes(long value) {
                this.segmentBytes = value;
                return this;
            }

            /**
             * Whether to force the disk; default true. Without, a power cut may take what was reported durable; the
             * death of the process does not.
             */
            public Builder fsyncOnWrite(boolean value) {
                this.fsyncOnWrite = value;
                return this;
            }

            /** Where the creation times of segments come from; default the system clock. */
            public Builder clock(InstantSource value) {
                this.clock = Objects.requireNonNull(value);
                return this;
            }

            /** Where salts and the log's id come from; default a secure one. */
            public Builder random(RandomGenerator value) {
                this.random = Objects.requireNonNull(value);
                return this;
            }

            /** What records are encrypted with; default none. What was encrypted before needs its key too. */
            public Builder keys(LogKeys value) {
                this.keys = Objects.requireNonNull(value);
                return this;
            }

            /** Whether payloads are compressed where that makes them smaller; default false. */
            public Builder compressPayloads(boolean value) {
                this.compressPayloads = value;
                return this;
            }

            /**
             * The configuration.
             *
             * @throws IllegalArgumentException if a setting is out of bounds; names all that are
             */
            public Config build() {
                String problems = (stem.isBlank() ? "stem must not be empty; " : "")
                        + (segmentBytes < SMALLEST_SEGMENT_BYTES
                                ? "segmentBytes must be at least " + SMALLEST_SEGMENT_BYTES + ", was: " + segmentBytes
                                        + "; "
                                : "");
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(problems.substring(0, problems.length() - 2));
                }
                return new Config(this);
            }
        }
    }
}
