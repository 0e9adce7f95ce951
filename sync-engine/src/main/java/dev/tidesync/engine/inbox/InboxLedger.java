package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.wal.InboxKey;
import dev.tidesync.engine.wal.NoRoomException;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalDroppedException;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.ReceivedOperation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox's log and index, and the thread that makes both agree with the disk: it forces what was appended, for all
 * who wait at once, and only then gives them their answers.
 *
 * <p><b>Threads:</b> safe for use by many. No method waits for the disk but {@link #read}, {@link #close}, and once in
 * a while {@link #accept}, which takes room from it.
 */
final class InboxLedger implements HandlerQueue.Source {
    private static final Logger log = LoggerFactory.getLogger(InboxLedger.class);

    /** Kept for what must be written on a full disk: that operations were handled. */
    private static final long RESERVE_BYTES = 128 * 1024;

    private final Wal wal;
    private final InboxIndex index;
    private final FileInbox.Config config;
    private final HandlerQueue queue;
    private final Thread committer = new Thread(this::commitUntilClosed, "tidesync-inbox");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    // Guarded by lock:
    private final Deque<Arrival> unanswered = new ArrayDeque<>();
    private long unansweredBytes;
    private long conflicts;
    private long tooOld;
    private boolean unforced;
    private boolean closing;
    private boolean wasFull;
    private @Nullable OutboxStoreException failure;

    /** A ledger over an open log and the index of it; what arrives enters the queue once it is durable, in order. */
    InboxLedger(Wal wal, InboxIndex index, FileInbox.Config config, HandlerQueue queue) {
        this.wal = wal;
        this.index = index;
        this.config = config;
        this.queue = queue;
        committer.setDaemon(true);
    }

    /** Queues what waited when the inbox was last closed, and begins. */
    void start() {
        index.waiting().forEach(waiting -> queue.add(this, waiting));
        committer.start();
    }

    /** Takes an operation in that is within all limits. */
    CompletionStage<InboxResult> accept(String origin, Operation operation) {
        InboxKey key = Digests.key(origin, operation.idempotencyKey());
        long fingerprint = Digests.fingerprint(operation);
        lock.lock();
        try {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            int slot = index.keys().find(key);
            return slot >= 0
                    ? known(slot, fingerprint, origin, operation)
                    : unknown(key, fingerprint, origin, operation);
        } finally {
            lock.unlock();
        }
    }

    private CompletionStage<InboxResult> known(int slot, long fingerprint, String origin, Operation operation) {
        KeyTable keys = index.keys();
        if (keys.fingerprint(slot) != fingerprint) {
            conflicts++;
            if (isNotable(conflicts)) {
                log.warn(
                        "{} operations refused whose idempotency key belongs to one of another kind, target, content"
                                + " type or payload, the last: {} from {}",
                        conflicts,
                        operation,
                        origin);
            }
            return refused(
                    Outcome.CONFLICT,
                    "the idempotency key was used for another operation before; give each operation its own");
        }
        if (keys.isHandled(slot) || keys.order(slot) < wal.writer().durableOffset()) {
            return CompletableFuture.completedFuture(InboxResult.duplicate());
        }
        return await(
                new Arrival(keys.order(slot), 0, InboxResult.duplicate(), Optional.empty(), new CompletableFuture<>()));
    }

    /** The 1st, 2nd, 4th, …: a sender must not fill our log. */
    private static boolean isNotable(long count) {
        return Long.bitCount(count) == 1;
    }

    private CompletionStage<InboxResult> unknown(InboxKey key, long fingerprint, String origin, Operation operation) {
        long nowMs = config.clock().millis();
        if (index.mayBeForgotten(origin, CreationTime.of(operation, nowMs))) {
            tooOld++;
            if (isNotable(tooOld)) {
                log.warn(
                        "{} operations refused that are older than what this inbox remembers, the last: {} from {}",
                        tooOld,
                        operation,
                        origin);
            }
            return refused(
                    Outcome.TOO_OLD,
                    "the operation is older than what the receiver remembers, so it may have been applied before;"
                            + " look there, and send it as a new one if it was not");
        }
        Optional<String> full = fullness(operation);
        if (full.isPresent()) {
            return busy(full.get());
        }
        try {
            if (!hasRoom(operation)) {
                return busy("the receiver's disk is full");
            }
            wasFull = false;
            WalRecord record = new WalRecord.Received(key, fingerprint, origin, operation, nowMs);
            long offset = wal.writer().append(record);
            index.apply(offset, record);
            return await(new Arrival(
                    offset,
                    operation.payloadSize(),
                    InboxResult.accepted(),
                    Optional.of(index.waitingAt(offset)),
                    new CompletableFuture<>()));
        } catch (IOException disk) {
            return CompletableFuture.failedFuture(fail(disk));
        }
    }

    private boolean hasRoom(Operation operation) throws IOException {
        long bytes = WalRecord.Enqueued.mostBytes(operation);
        long reserve = Math.min(RESERVE_BYTES, config.segmentBytes());
        if (!wal.writer().hasRoom(bytes, reserve)) {
            try {
                wal.writer().makeRoom(bytes, reserve);
            } catch (NoRoomException full) {
                log.debug("{} has no room", config.name(), full);
                return false;
            }
        }
        return true;
    }

    private Optional<String> fullness(Operation operation) {
        if (closing) {
            return Optional.of("the inbox is closed");
        }
        if (index.keys().size() >= config.maxKeys()) {
            return Optional.of("the inbox remembers as many operations as it may, " + config.maxKeys());
        }
        if (index.waitingCount() >= config.maxWaiting()) {
            return Optional.of("as many operations wait in the inbox as may, " + config.maxWaiting());
        }
        if (index.waitingBytes() + operation.payloadSize() > config.maxWaitingBytes()) {
            return Optional.of("as many bytes wait in the inbox as may, " + config.maxWaitingBytes());
        }
        return unansweredBytes + operation.payloadSize() > config.maxUnforcedBytes() && unansweredBytes > 0
                ? Optional.of("the receiver's disk does not keep up")
                : Optional.empty();
    }

    private CompletionStage<InboxResult> busy(String reason) {
        if (!wasFull && !closing) {
            log.warn("operations are turned away for now: {}", reason);
            wasFull = true;
        }
        return CompletableFuture.completedFuture(InboxResult.busy(reason, Duration.ofSeconds(1)));
    }

    private static CompletionStage<InboxResult> refused(Outcome outcome, String reason) {
        return CompletableFuture.completedFuture(InboxResult.refused(outcome, reason));
    }

    private CompletionStage<InboxResult> await(Arrival arrival) {
        unanswered.add(arrival);
        unansweredBytes += arrival.bytes();
        work.signal();
        return arrival.answer();
    }

    @Override
    public ReceivedOperation read(Waiting waiting) throws IOException {
        WalRecord.Received received = received(waiting);
        return ReceivedOperation.of(received.origin(), received.operation(), received.atMs());
    }

    private WalRecord.Received received(Waiting waiting) throws IOException {
        long offset = waiting.offset;
        WalRecord record;
        try {
            record = wal.readAt(offset);
        } catch (WalDroppedException moved) {
            if (waiting.offset == offset) {
                throw moved;
            }
            return received(waiting);
        }
        if (record instanceof WalRecord.Received received) {
            return received;
        }
        throw new IOException("expected a Received record at offset " + offset + " but was "
                + record.getClass().getSimpleName());
    }

    @Override
    public void handled(Waiting waiting) {
        lock.lock();
        try {
            append(new WalRecord.Handled(waiting.key, config.clock().millis()));
        } finally {
            lock.unlock();
        }
    }

    /** Drops the keys of what was handled longer ago than the retention. */
    void forgetExpired() {
        lock.lock();
        try {
            index.forgetHandledBefore(
                            config.clock().millis() - config.retention().toMillis())
                    .forEach(this::append);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link LogTidying}. */
    void tidyIfWorthwhile() {
        new LogTidying(wal, index, config, this).runIfWorthwhile();
    }

    /** Runs a change of log and index, alone; false if the log takes nothing more. */
    boolean alone(Runnable change) {
        lock.lock();
        try {
            if (failure != null || closing) {
                return false;
            }
            change.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Reads what waits from the log, to write it again. */
    WalRecord.Received again(Waiting waiting) throws IOException {
        return received(waiting).again(waiting.order);
    }

    /** Appends a record that changes nothing but where something lies; only from within {@link #alone}. */
    long restate(WalRecord record) {
        try {
            return wal.writer().append(record);
        } catch (IOException disk) {
            throw fail(disk);
        }
    }

    private void append(WalRecord record) {
        if (failure != null) {
            throw failure;
        }
        try {
            index.apply(wal.writer().append(record), record);
            unforced = true;
            work.signal();
        } catch (IOException disk) {
            throw fail(disk);
        }
    }

    private void commitUntilClosed() {
        try {
            while (awaitWork()) {
                wal.writer().force();
                answer(takeDurable());
            }
        } catch (IOException disk) {
            giveUp(disk);
        } catch (RuntimeException bug) {
            giveUp(new IOException("the inbox's own thread failed: " + bug, bug));
        } catch (Error fatal) {
            giveUp(new IOException("the inbox's own thread failed: " + fatal, fatal));
            throw fatal;
        }
    }

    /** False once the ledger is closed and nothing is left to do. */
    private boolean awaitWork() {
        lock.lock();
        try {
            while (unanswered.isEmpty() && !unforced && !closing) {
                work.awaitUninterruptibly();
            }
            boolean some = !unanswered.isEmpty() || unforced;
            unforced = false;
            return some;
        } finally {
            lock.unlock();
        }
    }

    private List<Arrival> takeDurable() {
        List<Arrival> durable = new ArrayList<>();
        lock.lock();
        try {
            long end = wal.writer().durableOffset();
            while (!unanswered.isEmpty() && unanswered.element().offset() < end) {
                Arrival arrival = unanswered.remove();
                unansweredBytes -= arrival.bytes();
                durable.add(arrival);
            }
        } finally {
            lock.unlock();
        }
        return durable;
    }

    private void answer(List<Arrival> durable) {
        for (Arrival arrival : durable) {
            arrival.fresh().ifPresent(waiting -> queue.add(this, waiting));
            arrival.answerNow();
        }
    }

    private void giveUp(IOException cause) {
        List<Arrival> lost;
        OutboxStoreException reason;
        lock.lock();
        try {
            reason = fail(cause);
            lost = List.copyOf(unanswered);
            unanswered.clear();
        } finally {
            lock.unlock();
        }
        queue.halt();
        lost.forEach(arrival -> arrival.answer().completeExceptionally(reason));
    }

    private OutboxStoreException fail(IOException cause) {
        if (failure == null) {
            failure = new OutboxStoreException(
                    config.name() + " takes nothing more since writing its log failed: " + DiskTrouble.describe(cause)
                            + "; what was acknowledged is kept, so open it again afterwards",
                    cause);
            log.error("{}", failure.getMessage(), cause);
        }
        return failure;
    }

    InboxStatus status() {
        lock.lock();
        try {
            return new InboxStatus(
                    index.waitingCount(), index.waitingBytes(), index.keys().size(), conflicts, tooOld);
        } finally {
            lock.unlock();
        }
    }

    /** Turns away what arrives from now on, answers what came before, and closes the log. */
    void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        awaitCommitter();
        wal.close();
    }

    private void awaitCommitter() {
        boolean interrupted = false;
        while (committer.isAlive()) {
            try {
                committer.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
