package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.outbox.OperationLimits;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.wal.LogKeys;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded inbox: a write-ahead log in a directory, {@code inbox-000001.log} and so on, and an index of it in
 * memory.
 *
 * <p><b>Durability:</b> an operation is forced to disk before it is acknowledged and before its handler runs; that its
 * handler returned is forced at once after, without anyone waiting.
 *
 * <p><b>Memory:</b> 66 to 132 bytes for each key it remembers, for as long as the retention says; a few hundred for
 * each operation that waits. Payloads stay on disk.
 *
 * <p><b>Disk:</b> once a minute, when the log is larger than twice its live content and two of its files, the room is
 * given free. As live content count 160 bytes for a key, and 1 KiB and its payload for an operation that waits.
 *
 * <p><b>Threads:</b> safe for use by many. One process at a time owns an inbox, and holds a lock file meanwhile.
 */
public final class FileInbox implements Inbox, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileInbox.class);
    private static final int MAX_ORIGIN_LENGTH = 255;
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    private final Config config;
    private final InboxThreads threads;
    private final HandlerQueue queue;
    private final InboxLedger ledger;
    private final Runnable lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileInbox(Config config, InboxOpening.Opened opened, Runnable lock) {
        this.config = config;
        this.lock = lock;
        this.threads = new InboxThreads(config.handlerThreads());
        this.queue = new HandlerQueue(
                RetryPolicy.builder()
                        .baseDelay(config.retryBaseDelay())
                        .maxDelay(config.retryMaxDelay())
                        .build(),
                threads.handlers(),
                config.handlerThreads(),
                threads::after);
        this.ledger = new InboxLedger(opened.wal(), opened.index(), config, queue);
        ledger.start();
        forgetNowAndThen();
        threads.after(TIDY_EVERY, this::tidyNowAndThen);
    }

    private void tidyNowAndThen() {
        tidy();
        threads.after(TIDY_EVERY, this::tidyNowAndThen);
    }

    /** Gives room on the disk free if that is worthwhile. */
    void tidy() {
        ledger.tidyIfWorthwhile();
    }

    private void forgetNowAndThen() {
        try {
            ledger.forgetExpired();
        } catch (OutboxStoreException reportedAlready) {
            return;
        }
        threads.after(FORGET_EVERY, this::forgetNowAndThen);
    }

    /**
     * Opens the inbox in a directory with every default, and makes it if there is none.
     *
     * @throws OutboxStoreException as {@link #open(Config)}
     */
    public static FileInbox open(Path directory) {
        return open(Config.builder().directory(directory).build());
    }

    /**
     * Opens an inbox, and makes it if there is none. Operations that waited when it was last closed wait again.
     *
     * @throws OutboxStoreException if another process holds it (names it), if the directory cannot be written, or if
     *     its log is of a newer version; says what to do
     */
    public static FileInbox open(Config config) {
        return InboxOpening.open(config);
    }

    @Override
    public CompletionStage<InboxResult> accept(String origin, Operation operation) {
        requireOrigin(origin);
        if (operation.idempotencyKey().isEmpty()) {
            return invalid("an operation without an idempotency key cannot be received once");
        }
        try {
            config.limits().check(operation);
        } catch (IllegalArgumentException overLimit) {
            return invalid(String.valueOf(overLimit.getMessage()));
        }
        return ledger.accept(origin, operation);
    }

    private static void requireOrigin(String origin) {
        if (origin.isEmpty()
                || origin.length() > MAX_ORIGIN_LENGTH
                || !origin.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "origin must be 1 to " + MAX_ORIGIN_LENGTH + " printable ASCII characters, had " + origin.length());
        }
    }

    private static CompletionStage<InboxResult> invalid(String reason) {
        return CompletableFuture.completedFuture(InboxResult.refused(Outcome.INVALID, reason));
    }

    /**
     * {@inheritDoc}
     *
     * <p>At most {@link Config#handlerThreads} handlers run at a time: as many that hang hold up all others.
     */
    @Override
    public Registration onReceive(String kindPrefix, InboxHandler handler) {
        queue.register(ledger, kindPrefix, Objects.requireNonNull(handler, "handler"));
        return () -> queue.unregister(kindPrefix, handler);
    }

    /** Runs it at once: an inbox that could be made is open. */
    @Override
    public void whenOpen(Runnable start) {
        start.run();
    }

    /** How the inbox stands. */
    public InboxStatus status() {
        return ledger.status();
    }

    /**
     * Turns away what arrives from now on, waits for the handlers that run, at most {@link Config#stopTimeout}, and
     * gives the inbox free for others. A handler that is not done by then runs again after the next opening. Closing
     * twice does nothing.
     *
     * @throws OutboxStoreException if forcing fails now; the inbox is closed all the same
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (!queue.stop(config.stopTimeout())) {
            log.warn("handlers still run after {}; they run again after the next opening", config.stopTimeout());
        }
        threads.close();
        try {
            ledger.close();
        } catch (IOException failure) {
            throw new OutboxStoreException(
                    config.name() + " could not be closed cleanly: " + DiskTrouble.describe(failure)
                            + "; what was acknowledged is kept",
                    failure);
        } finally {
            lock.run();
        }
    }

    /** Where an inbox lives and how much it takes. Immutable. */
    public static final class Config {
        private final Path directory;
        private final Duration retention;
        private final int maxKeys;
        private final int maxWaiting;
        private final long maxWaitingBytes;
        private final long maxUnforcedBytes;
        private final int handlerThreads;
        private final Duration retryBaseDelay;
        private final Duration retryMaxDelay;
        private final Duration stopTimeout;
        private final OperationLimits limits;
        private final boolean fsyncOnWrite;
        private final long segmentBytes;
        private final LogKeys encryptionKeys;
        private final boolean compressPayloads;
        private final InstantSource clock;

        private Config(Builder builder) {
            this.directory = builder.directory;
            this.retention = builder.retention;
            this.maxKeys = builder.maxKeys;
            this.maxWaiting = builder.maxWaiting;
            this.maxWaitingBytes = builder.maxWaitingBytes;
            this.maxUnforcedBytes = builder.maxUnforcedBytes;
            this.handlerThreads = builder.handlerThreads;
            this.retryBaseDelay = builder.retryBaseDelay;
            this.retryMaxDelay = builder.retryMaxDelay;
            this.stopTimeout = builder.stopTimeout;
            this.limits = builder.limits;
            this.fsyncOnWrite = builder.fsyncOnWrite;
            this.segmentBytes = builder.segmentBytes;
            this.encryptionKeys = LogKeys.of(builder.encryptionKey, builder.oldEncryptionKeys);
            this.compressPayloads = builder.compressPayloads;
            this.clock = builder.clock;
        }

        /** A builder with every default. */
        public static Builder builder() {
            return new Builder();
        }

        /** Where its files lie. */
        public Path directory() {
            return directory;
        }

        /** How long the key of an operation is remembered once it is handled. */
        public Duration retention() {
            return retention;
        }

        /** How many keys are remembered at most. */
        public int maxKeys() {
            return maxKeys;
        }

        /** How many operations may wait for their handler. */
        public int maxWaiting() {
            return maxWaiting;
        }

        /** How many payload bytes may wait for their handler. */
        public long maxWaitingBytes() {
            return maxWaitingBytes;
        }

        /** How many payload bytes may wait for the disk. */
        long maxUnforcedBytes() {
            return maxUnforcedBytes;
        }

        /** How many handlers run at a time. */
        public int handlerThreads() {
            return handlerThreads;
        }

        /** How soon a handler that failed runs again. */
        public Duration retryBaseDelay() {
            return retryBaseDelay;
        }

        /** The longest wait before a handler that keeps failing runs again. */
        public Duration retryMaxDelay() {
            return retryMaxDelay;
        }

        /** How long closing waits for handlers. */
        public Duration stopTimeout() {
            return stopTimeout;
        }

        /** How large operations may be. */
        public OperationLimits limits() {
            return limits;
        }

        /** Whether the disk is forced. */
        public boolean fsyncOnWrite() {
            return fsyncOnWrite;
        }

        /** How large a file of the log grows, in bytes. */
        public long segmentBytes() {
            return segmentBytes;
        }

        LogKeys encryptionKeys() {
            return encryptionKeys;
        }

        boolean compressPayloads() {
            return compressPayloads;
        }

        /** The wall clock. */
        public InstantSource clock() {
            return clock;
        }

        /** What it is called in messages to people. */
        String name() {
            return "inbox " + directory;
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private Path directory = Path.of(".tidesync");
            private Duration retention = Duration.ofDays(30);
            private int maxKeys = 10_000_000;
            private int maxWaiting = 1_000_000;
            private long maxWaitingBytes = 4L << 30;
            private long maxUnforcedBytes = 24L << 20;
            private int handlerThreads = 8;
            private Duration retryBaseDelay = Duration.ofMillis(500);
            private Duration retryMaxDelay = Duration.ofMinutes(5);
            private Duration stopTimeout = Duration.ofSeconds(5);
            private OperationLimits limits =
                    OperationLimits.builder().credentialHeadersAllowed(true).build();
            private boolean fsyncOnWrite = true;
            private long segmentBytes = 64L << 20;
            private Optional<byte[]> encryptionKey = Optional.empty();
            private List<byte[]> oldEncryptionKeys = List.of();
            private boolean compressPayloads;
            private InstantSource clock = InstantSource.system();

            private Builder() {}

            /** Where its files lie; default {@code .tidesync}. */
            public Builder directory(Path value) {
                this.directory = Objects.requireNonNull(value, "directory");
                return this;
            }

            /** How long the key of an operation is remembered once it is handled; default 30 days. */
            public Builder retention(Duration value) {
                this.retention = Objects.requireNonNull(value, "retention");
                return this;
            }

            /**
             * How many keys are remembered at most; when there are as many, senders are told to wait; default 10
             * million.
             */
            public Builder maxKeys(int value) {
                this.maxKeys = value;
                return this;
            }

            /** How many operations may wait for their handler; default 1 million. */
            public Builder maxWaiting(int value) {
                this.maxWaiting = value;
                return this;
            }

            /** How many payload bytes may wait for their handler; default 4 GiB. They lie on disk. */
            public Builder maxWaitingBytes(long value) {
                this.maxWaitingBytes = value;
                return this;
            }

            /**
             * How many payload bytes may wait for the disk, in memory; 24 MiB, so that the log never has an append
             * wait.
             */
            Builder maxUnforcedBytes(long value) {
                this.maxUnforcedBytes = value;
                return this;
            }

            /** How many handlers run at a time; default 8. */
            public Builder handlerThreads(int value) {
                this.handlerThreads = value;
                return this;
            }

            /** How soon a handler that failed runs again; default 500 ms, doubling with each failure. */
            public Builder retryBaseDelay(Duration value) {
                this.retryBaseDelay = Objects.requireNonNull(value, "retryBaseDelay");
                return this;
            }

            /** The longest wait before a handler that keeps failing runs again; default 5 minutes. */
            public Builder retryMaxDelay(Duration value) {
                this.retryMaxDelay = Objects.requireNonNull(value, "retryMaxDelay");
                return this;
            }

            /** How long closing waits for handlers; default 5 s. */
            public Builder stopTimeout(Duration value) {
                this.stopTimeout = Objects.requireNonNull(value, "stopTimeout");
                return this;
            }

            /** How large operations may be; default as an outbox's, with every header allowed. */
            public Builder limits(OperationLimits value) {
                this.limits = Objects.requireNonNull(value, "limits");
                return this;
            }

            /** Whether to force the disk; default true. Without it, a power cut loses what was acknowledged. */
            public Builder fsyncOnWrite(boolean value) {
                this.fsyncOnWrite = value;
                return this;
            }

            /** How large a file of the log grows before the next one is begun; default 64 MiB. */
            public Builder segmentBytes(long value) {
                this.segmentBytes = value;
                return this;
            }

            /**
             * What the log is encrypted with from now on (AES-256-GCM); default nothing.
             *
             * @param key 32 random bytes; whoever loses them loses what is in the inbox
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

            /**
             * The configuration.
             *
             * @throws IllegalArgumentException if settings are out of bounds; names all that are
             */
            public Config build() {
                List<String> problems = new ArrayList<>();
                atLeastOne("maxKeys", maxKeys, problems);
                atLeastOne("maxWaiting", maxWaiting, problems);
                atLeastOne("maxWaitingBytes", maxWaitingBytes, problems);
                atLeastOne("handlerThreads", handlerThreads, problems);
                atLeastOneMs("retention", retention, problems);
                atLeastOneMs("retryBaseDelay", retryBaseDelay, problems);
                if (retryMaxDelay.compareTo(retryBaseDelay) < 0) {
                    problems.add("retryMaxDelay must be at least retryBaseDelay " + retryBaseDelay + ", was: "
                            + retryMaxDelay);
                }
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(String.join("; ", problems));
                }
                return new Config(this);
            }

            private static void atLeastOneMs(String name, Duration value, List<String> problems) {
                if (value.toMillis() < 1) {
                    problems.add(name + " must be at least 1 ms, was: " + value);
                }
            }

            private static void atLeastOne(String name, long value, List<String> problems) {
                if (value < 1) {
                    problems.add(name + " must be at least 1, was: " + value);
                }
            }
        }
    }
}
