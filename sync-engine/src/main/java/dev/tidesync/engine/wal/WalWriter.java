package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records to the log with leader/follower group commit: threads append to a shared buffer, the first that waits
 * becomes the leader, writes the whole buffer once, forces it once, and wakes the others.
 *
 * <p><b>Durability:</b> a record is durable when {@link #awaitDurable} for its offset returns. After a write or a force
 * failed, the writer takes nothing more, since nobody can know what the disk holds; the log must be opened again.
 *
 * <p><b>Threads:</b> safe for use by many. An interrupt neither ends a wait nor harms a file.
 */
public final class WalWriter {
    private static final Logger log = LoggerFactory.getLogger(WalWriter.class);

    /** A leader whose own record is durable goes on for others, but not for ever, since its caller waits. */
    private static final int LEADER_ROUNDS = 8;

    /** When so much waits to be written, whoever appends more sees it written first. */
    private static final int MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

    /** The part of a force's time for which a group is kept open for those who had a place in the last one. */
    private static final int GATHERING_SHARE = 4;

    /** Longer than this a processor is not kept waiting. */
    private static final long LONGEST_GATHERING_NANOS = 100_000;

    private final SegmentCatalog catalog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final DurabilityPromises promises = new DurabilityPromises(this, lock);
    // Guarded by lock:
    private final Followers followers = new Followers();
    private GroupBuffer filling;
    private GroupBuffer spare;
    private boolean leading;
    private boolean closed;
    private @Nullable IOException failure;
    private long writtenOffset;
    // Changed under lock:
    private volatile long endOffset;
    private volatile long durableOffset;
    private long roomEnd;
    private boolean shortOfRoom;
    private volatile int waiting;
    // Belongs to the leader:
    private SegmentWriter active;
    // Full segments of this life that were not forced, since forcing is switched off:
    private final List<Segment> unforced = new ArrayList<>();
    private int servedLast;
    private long lastForceNanos;

    WalWriter(SegmentCatalog catalog, SegmentWriter active) {
        this.catalog = catalog;
        this.active = active;
        this.filling = new GroupBuffer(catalog.format());
        this.spare = new GroupBuffer(catalog.format());
        this.writtenOffset = active.writtenOffset();
        this.durableOffset = active.durableOffset();
        this.roomEnd = active.roomEnd();
        this.filling.startAt(writtenOffset);
        this.endOffset = writtenOffset;
    }

    /**
     * Appends a record to the memory buffer and returns its offset. It is not durable yet, and not even written, unless
     * so much waits to be written that it has to go first.
     *
     * @throws IOException if an earlier write or force failed
     * @throws IllegalArgumentException if only the log itself may write such a record
     * @throws IllegalStateException if the log is closed
     */
    public long append(WalRecord record) throws IOException {
        if (record instanceof WalRecord.TailCut || record instanceof WalRecord.LogBegins) {
            throw RecordEncoder.ownedByTheLog(record);
        }
        return appendOwn(record);
    }

    /** As {@link #append}, also for the log's own records. */
    long appendOwn(WalRecord record) throws IOException {
        lock.lock();
        try {
            requireOpen();
            while (filling.size() >= MAX_BUFFERED_BYTES) {
                leadOrWait(false);
            }
            long offset = filling.add(record);
            endOffset = filling.endOffset();
            return offset;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the disk has given the room for so many bytes of records more, and for the reserve. Asked before a record
     * is appended that may be refused: others are appended without, and go into the reserve when the disk is full.
     *
     * @param reserveBytes how large the reserve has to be
     */
    public boolean hasRoom(long bytes, long reserveBytes) {
        lock.lock();
        try {
            return catalog.reserve().bytes() >= reserveBytes && roomFor(bytes) <= roomEnd;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so many bytes more can be written, be it in the reserve. */
    public boolean hasRoomOrReserve(long bytes) {
        return catalog.reserve().bytes() >= SegmentHeader.BYTES + bytes || hasRoom(bytes, 0);
    }

    private long roomFor(long bytes) {
        return filling.endOffset() + GroupBuffer.WATERMARK_BYTES + bytes;
    }

    /**
     * Takes room from the disk, so that {@link #hasRoom} of the same gives true, unless others are faster.
     *
     * @throws NoRoomException if the disk does not give it; nothing has changed then
     * @throws IOException if an earlier write or force failed
     * @throws IllegalStateException if the log is closed
     */
    public void makeRoom(long bytes, long reserveBytes) throws IOException {
        lock.lock();
        try {
            shortOfRoom = true;
            asLeader(() -> {
                catalog.reserve().growTo(reserveBytes);
                active.takeRoom(roomFor(bytes));
            });
            shortOfRoom = false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the disk last refused room. */
    public boolean isShortOfRoom() {
        lock.lock();
        try {
            return shortOfRoom;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the newest segment before it is full, so that it can be dropped; on a full disk the reserve is the next one.
     *
     * @throws NoRoomException if there is no room, and no reserve; nothing has changed then
     * @throws IOException if the disk fails, now or before
     */
    void beginNextSegment() throws IOException {
        force();
        lock.lock();
        try {
            roomEnd = 0; // nothing more is let in that the next one might not have room for
            asLeader(() -> {
                if (!active.isEmpty()) {
                    active.force();
                    long base = active.writtenOffset();
                    replaceActive(createSomehow(base, filling.endOffset() - base));
                }
            });
        } finally {
            lock.unlock();
        }
    }

    private SegmentWriter createSomehow(long base, long room) throws IOException {
        try {
            return catalog.create(base, base, base, room);
        } catch (NoRoomException full) {
            return catalog.createFromReserve(base, base, base, room, full);
        }
    }

    /** Something that only the leader may do. */
    @FunctionalInterface
    private interface LeadersWork {
        void run() throws IOException;
    }

    /** Does it, with the lock given up meanwhile. A disk that merely has no room has done no harm. */
    private void asLeader(LeadersWork work) throws IOException {
        while (leading) {
            awaitProgress();
        }
        requireOpen();
        leading = true;
        try {
            lock.unlock();
            try {
                work.run();
            } finally {
                lock.lock();
            }
        } catch (NoRoomException full) {
            throw full;
        } catch (IOException cause) {
            throw poison(cause);
        } catch (RuntimeException | Error cause) {
            poison(cause);
            throw cause;
        } finally {
            roomEnd = active.roomEnd();
            stopLeading();
        }
    }

    /**
     * Waits until the record at this offset, and with it every record before it, has been forced to disk.
     *
     * @throws IOException if the disk failed; the record may or may not survive
     * @throws IllegalArgumentException if no record was appended at this offset yet
     */
    public void awaitDurable(long offset) throws IOException {
        requireAppended(offset);
        awaitDurableUpTo(offset + 1);
    }

    private void awaitDurableUpTo(long end) throws IOException {
        while (durableOffset < end) {
            Followers.Follower follower = leadOrFollow(end);
            if (follower != null) {
                follower.await();
            }
        }
    }

    private Followers.@Nullable Follower leadOrFollow(long end) throws IOException {
        lock.lock();
        try {
            if (durableOffset < end) {
                requireOpen();
                if (leading) {
                    Followers.Follower follower = followers.add(end);
                    countWaiting();
                    return follower;
                }
                lead(true, LEADER_ROUNDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void requireAppended(long offset) {
        if (offset >= endOffset) {
            throw new IllegalArgumentException(
                    "offset must be below the end of the log " + endOffset + ", was: " + offset);
        }
    }

    /**
     * As {@link #awaitDurable}, for who does not wait: the answer completes when the record at this offset, and with it
     * every record before it, has been forced to disk; with an {@link IOException} if the disk failed. While such
     * answers are outstanding a thread of the log writes and forces, unless others do. Answers complete on that thread,
     * and what they set off must not block it.
     *
     * @throws IOException if an earlier write or force failed
     * @throws IllegalArgumentException if no record was appended at this offset yet
     * @throws IllegalStateException if the log is closed
     */
    public CompletionStage<Void> whenDurable(long offset) throws IOException {
        if (durableOffset > offset) {
            return CompletableFuture.completedFuture(null);
        }
        lock.lock();
        try {
            requireOpen();
            requireAppended(offset);
            CompletionStage<Void> answer = promises.add(offset);
            countWaiting();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** Writes and forces one group, or waits until whoever is writing has; for {@link DurabilityPromises}. */
    void forceOneGroup() throws IOException {
        requireOpen();
        if (leading) {
            awaitProgress();
        } else {
            lead(true, 1);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Every caller loops until what it waits for is true.
    private void awaitProgress() {
        progress.awaitUninterruptibly();
    }

    /** Forces everything that was appended so far. */
    public void force() throws IOException {
        awaitDurableUpTo(endOffset);
    }

    /**
     * Forces everything that was appended so far, and the names of the segments, also where forcing is switched off.
     */
    void forceToDisk() throws IOException {
        force();
        if (!catalog.isForcing()) {
            forceRegardless();
        }
    }

    /** Makes the deletion of segments durable. A directory sync that fails is a force that fails. */
    void syncNames() throws IOException {
        try {
            catalog.syncDirectory();
        } catch (IOException cause) {
            lock.lock();
            try {
                throw poison(cause);
            } finally {
                followers.releaseAll();
                progress.signalAll();
                lock.unlock();
            }
        }
    }

    private void forceRegardless() throws IOException {
        lock.lock();
        try {
            asLeader(() -> {
                for (Segment segment : unforced) {
                    catalog.force(segment);
                }
                unforced.clear();
                active.forceToDisk();
                catalog.syncDirectory();
            });
        } finally {
            lock.unlock();
        }
    }

    /** Writes everything that was appended so far, so that it survives this process, but not a power cut. */
    public void flush() throws IOException {
        lock.lock();
        try {
            long end = endOffset;
            while (writtenOffset < end) {
                leadOrWait(false);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #flush()}, but does not wait for another thread that is writing: that one takes along what was
     * appended.
     */
    public void flushSoon() throws IOException {
        lock.lock();
        try {
            if (!leading && !filling.isEmpty()) {
                leadOrWait(false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leadOrWait(boolean force) throws IOException {
        requireOpen();
        if (leading) {
            awaitProgress();
        } else {
            lead(force, LEADER_ROUNDS);
        }
    }

    private void lead(boolean force, int maxRounds) throws IOException {
        leading = true;
        try {
            int rounds = 0;
            do {
                writeGroup(force);
                rounds++;
            } while (!filling.isEmpty() && rounds < maxRounds);
        } catch (IOException cause) {
            throw poison(cause);
        } catch (RuntimeException | Error cause) {
            poison(cause);
            throw cause;
        } finally {
            stopLeading();
        }
    }

    private void stopLeading() {
        leading = false;
        progress.signalAll();
        if (failure == null) {
            followers.releaseNext();
        } else {
            followers.releaseAll();
        }
    }

    /** Somebody waits, or waits no more. */
    void countWaiting() {
        waiting = followers.size() + promises.size();
    }

    private void writeGroup(boolean force) throws IOException {
        if (force && waiting < servedLast) {
            gather();
        }
        GroupBuffer group = takeGroup();
        int served = waiting;
        lock.unlock();
        try {
            write(group, force);
        } finally {
            lock.lock();
        }
        writtenOffset = active.writtenOffset();
        durableOffset = active.durableOffset();
        roomEnd = active.roomEnd();
        spare = group.isOversized() ? new GroupBuffer(catalog.format()) : group;
        if (force) {
            servedLast = served;
            followers.releaseUpTo(durableOffset);
            countWaiting();
        }
        progress.signalAll();
    }

    /**
     * Whoever was served by the last force is likely to be back in a moment, and then one force serves all again. A
     * thread that rests would be woken too late, so this one only lets others go first.
     */
    @SuppressWarnings("ThreadPriorityCheck") // whom the scheduler prefers decides only how large the group becomes
    private void gather() {
        long nanos = Math.min(lastForceNanos / GATHERING_SHARE, LONGEST_GATHERING_NANOS);
        long begun = System.nanoTime();
        lock.unlock();
        try {
            while (waiting < servedLast && System.nanoTime() - begun < nanos) {
                Thread.yield();
            }
        } finally {
            lock.lock();
        }
    }

    private GroupBuffer takeGroup() {
        GroupBuffer group = filling;
        spare.startAt(group.endOffset());
        filling = spare;
        return group;
    }

    private void write(GroupBuffer group, boolean force) throws IOException {
        if (!group.isEmpty()) {
            rollIfFull(group);
            writeWithin(group);
        }
        if (force) {
            long begun = System.nanoTime();
            active.force();
            lastForceNanos = System.nanoTime() - begun;
        }
    }

    /** A full segment goes on to grow if there is no room for another. */
    private void rollIfFull(GroupBuffer group) throws IOException {
        if (active.isEmpty() || active.sizeWith(group.size()) <= catalog.segmentBytes()) {
            return;
        }
        active.force();
        long base = group.startOffset();
        try {
            long room = Math.max(group.endOffset(), active.roomEnd()) - base;
            replaceActive(catalog.create(base, base, base, room));
        } catch (NoRoomException full) {
            log.debug("{} grows beyond its size", catalog.describe(active.segment()), full);
        }
    }

    private void writeWithin(GroupBuffer group) throws IOException {
        try {
            active.takeRoom(group.endOffset());
        } catch (NoRoomException full) {
            writeOn(group, full);
            return;
        }
        active.write(group);
    }

    /** What was appended without asking for room goes on in the reserve: all that did ask lies within the room. */
    private void writeOn(GroupBuffer group, NoRoomException full) throws IOException {
        long split = group.boundaryBefore(active.roomEnd());
        active.write(group, group.startOffset(), split);
        active.force();
        replaceActive(catalog.createFromReserve(split, split, split, group.endOffset() - split, full));
        active.write(group, split, group.endOffset());
        log.info(
                "the disk is full: the log goes on in the room that was kept for it, {}",
                catalog.describe(active.segment()));
    }

    private void replaceActive(SegmentWriter next) throws IOException {
        SegmentWriter full = active;
        active = next;
        try (full) {
            full.cutToContent();
        }
        if (!catalog.isForcing()) {
            unforced.add(full.segment());
        }
    }

    private IOException poison(Throwable cause) {
        IOException poison = new IOException(
                catalog.describe(active.segment()) + " failed and can no longer be written: " + cause.getMessage()
                        + "; mend the disk, then open the log again",
                cause);
        failure = poison;
        return poison;
    }

    /**
     * Does nothing as long as the log takes records.
     *
     * @throws IOException if an earlier write or force failed, as {@link #append} would
     */
    public void requireWritable() throws IOException {
        lock.lock();
        try {
            requireOpen();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }

    /** Everything below this offset has been forced to disk. */
    public long durableOffset() {
        return durableOffset;
    }

    /** Everything below this offset has been handed to the operating system, and can be read back. */
    long writtenOffset() {
        lock.lock();
        try {
            return writtenOffset;
        } finally {
            lock.unlock();
        }
    }

    /** Where the next group begins: every record appended so far lies below it. */
    public long endOffset() {
        return endOffset;
    }

    /** Whether a write or a force has failed, so that nothing more is taken. */
    public boolean isPoisoned() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    /** Forces what was appended, adds a last watermark that says so, and closes the file. Twice does nothing. */
    void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (failure == null) {
                writeLastWatermark();
            }
        } finally {
            closed = true;
            followers.releaseAll();
            progress.signalAll();
            promises.settle();
            lock.unlock();
            active.close();
        }
    }

    private void writeLastWatermark() throws IOException {
        forceHoldingLock();
        filling.addWatermark();
        endOffset = filling.endOffset();
        forceHoldingLock();
        active.cutToContent();
        catalog.reserve().restore();
    }

    /** Nothing can be appended between the last force and what follows it. */
    private void forceHoldingLock() throws IOException {
        while (durableOffset < endOffset) {
            leadOrWait(true);
        }
    }
}
