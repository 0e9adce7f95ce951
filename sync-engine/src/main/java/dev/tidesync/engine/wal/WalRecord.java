package dev.tidesync.engine.wal;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.List;

/**
 * One entry of the log: something that happened to an operation, or a note that the log keeps for itself.
 *
 * <p>A record that changes an operation carries the absolute values it changes to, never a difference, so that
 * replaying a stretch of the log twice gives the same state as replaying it once. Times are wall-clock milliseconds;
 * texts that are absent are empty.
 *
 * <p>A record that says why an operation was not delivered has {@code previous}, the offset of the record that said so
 * before it; 0 if there is none. So what happened to an operation is a chain, newest first, that ends where the log has
 * given back the room.
 */
public sealed interface WalRecord {
    /** Calls the visitor's method for this type of record. */
    void accept(WalRecordVisitor visitor);

    /** The log's own: everything below this offset was forced to disk before the group that begins here was written. */
    record Watermark(long durableOffset) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * The log's own: recovery is complete, and what lies from {@code fromOffset} up to {@code toOffset} no longer
     * counts, since what was valid there has been written again and forced.
     */
    record TailCut(long fromOffset, long toOffset) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * The log's own: it begins with this segment, whose first offset is {@code offset}. Those before it have been
     * dropped, and a file of theirs that is still there is a leftover.
     */
    record LogBegins(long segment, long offset) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The store was opened for the {@code incarnation}-th time. */
    record Opened(long incarnation, long atMs) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * An operation came in, with its whole intent; one that was imported may bring a lifecycle. Or it is a copy of one
     * that came in long ago, with its lifecycle of now, so that its first record can be dropped.
     *
     * @param seq of a copy: its place in the order of enqueue; {@link EnqueuedSummary#NOT_MOVED} otherwise
     * @param ambiguous of a copy: whether an earlier attempt may have been applied
     * @param dueWasAsked whether its next retry was asked for, and not computed by a retry policy
     */
    record Enqueued(Operation operation, long seq, boolean ambiguous, boolean dueWasAsked) implements WalRecord {
        /** An operation that comes in now. */
        public Enqueued(Operation operation) {
            this(
                    operation,
                    EnqueuedSummary.NOT_MOVED,
                    false,
                    operation.isPending() && operation.nextRetryAtMs() > operation.updatedAtMs());
        }

        /** How many bytes the record of an operation that comes in takes in the log at most. */
        public static long mostBytes(Operation operation) {
            return FrameFormat.sizeOf(RecordEncoder.mostBytes(operation) + FrameCipher.TAG_BYTES);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation is IN_FLIGHT; this record's offset is the claim's token. */
    record Claimed(String id, String owner, long atMs) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation is DONE; {@code answer} is what the other side said to it, empty if nothing. */
    record Delivered(String id, long atMs, String answer) implements WalRecord {
        /** A delivery without an answer. */
        public Delivered(String id, long atMs) {
            this(id, atMs, "");
        }

        /** The answer is left out, since it may hold secrets. */
        @Override
        public String toString() {
            return "Delivered[id=" + id + ", atMs=" + atMs
                    + (answer.isEmpty() ? "" : ", answer=" + answer.length() + " characters") + "]";
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation is FAILED and will be tried again; {@code attempt} counts this failure. */
    record Failed(
            String id,
            long atMs,
            int attempt,
            long nextRetryAtMs,
            String error,
            String code,
            boolean ambiguous,
            boolean dueWasAsked,
            long previous)
            implements WalRecord {
        /** One that follows nothing. */
        public Failed(
                String id,
                long atMs,
                int attempt,
                long nextRetryAtMs,
                String error,
                String code,
                boolean ambiguous,
                boolean dueWasAsked) {
            this(id, atMs, attempt, nextRetryAtMs, error, code, ambiguous, dueWasAsked, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation is PERMANENT_FAILED. */
    record Buried(String id, long atMs, int attempt, String error, String code, long previous) implements WalRecord {
        /** One that follows nothing. */
        public Buried(String id, long atMs, int attempt, String error, String code) {
            this(id, atMs, attempt, error, code, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation was given back uncharged: it has {@code status} PENDING or FAILED again. */
    record Released(
            String id,
            long atMs,
            OperationStatus status,
            long nextRetryAtMs,
            String error,
            String code,
            boolean ambiguous,
            boolean dueWasAsked,
            long previous)
            implements WalRecord {
        /** One that follows nothing. */
        public Released(
                String id,
                long atMs,
                OperationStatus status,
                long nextRetryAtMs,
                String error,
                String code,
                boolean ambiguous,
                boolean dueWasAsked) {
            this(id, atMs, status, nextRetryAtMs, error, code, ambiguous, dueWasAsked, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation's lease ran out: it is FAILED and due at once; {@code attempt} counts this. */
    record Requeued(String id, long atMs, int attempt, String error, long previous) implements WalRecord {
        /** One that follows nothing. */
        public Requeued(String id, long atMs, int attempt, String error) {
            this(id, atMs, attempt, error, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The operation waits for a reason; only its last error changes. */
    record Noted(String id, long atMs, String error, long previous) implements WalRecord {
        /** One that follows nothing. */
        public Noted(String id, long atMs, String error) {
            this(id, atMs, error, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** A person sends the operation again: it is PENDING with attempt 0, at the end of its lane. */
    record Replayed(String id, long atMs, String error, long previous) implements WalRecord {
        /** One that follows nothing. */
        public Replayed(String id, long atMs, String error) {
            this(id, atMs, error, 0);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** These operations are forgotten. */
    record Pruned(List<String> ids) implements WalRecord {
        /** Copies the list. */
        public Pruned {
            ids = List.copyOf(ids);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * The inbox: an operation arrived, with its whole intent. Written again when the log drops its oldest segments, it
     * has {@code order}, the offset of the first such record; 0 in that one itself.
     */
    record Received(InboxKey key, long fingerprint, String origin, Operation operation, long atMs, long order)
            implements WalRecord {
        /** An operation that has just arrived. */
        public Received(InboxKey key, long fingerprint, String origin, Operation operation, long atMs) {
            this(key, fingerprint, origin, operation, atMs, 0);
        }

        /** The same, written again; {@code first} is the offset of the first such record. */
        public Received again(long first) {
            return new Received(key, fingerprint, origin, operation, atMs, first);
        }

        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The inbox: the handler of the operation with this key has returned. */
    record Handled(InboxKey key, long atMs) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * The inbox: keys of operations that this origin made up to {@code createdAtMs}, on its own clock, may have been
     * forgotten.
     */
    record Forgotten(String origin, long createdAtMs) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /** The inbox: a handled operation of which older records say the same, so that these are no longer needed. */
    record Remembered(InboxKey key, long fingerprint, String origin, long createdAtMs, long atMs) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }

    /**
     * A record that this version cannot read, most likely written by a newer one. It stays in the log untouched.
     *
     * @param type the number on disk
     * @param problem why it cannot be read
     */
    record Unknown(int type, String problem) implements WalRecord {
        @Override
        public void accept(WalRecordVisitor visitor) {
            visitor.visit(this);
        }
    }
}
