package dev.tidesync.engine.wal;

/** The numbers of the record types on disk; none is ever used again for another type. */
final class RecordType {
    static final int WATERMARK = 1;
    static final int TAIL_CUT = 2;
    static final int OPENED = 3;
    static final int ENQUEUED = 4;
    static final int CLAIMED = 5;
    static final int DELIVERED = 6;
    static final int FAILED = 7;
    static final int BURIED = 8;
    static final int RELEASED = 9;
    static final int REQUEUED = 10;
    static final int NOTED = 11;
    static final int REPLAYED = 12;
    static final int PRUNED = 13;
    static final int LOG_BEGINS = 14;

    // those of the inbox
    static final int RECEIVED = 32;
    static final int HANDLED = 33;
    static final int FORGOTTEN = 34;
    static final int REMEMBERED = 35;

    private RecordType() {}

    static boolean isKnown(int type) {
        return (type >= WATERMARK && type <= LOG_BEGINS) || (type >= RECEIVED && type <= REMEMBERED);
    }

    /** Whether the log writes this type for itself. */
    static boolean isHousekeeping(int type) {
        return type == WATERMARK || type == TAIL_CUT || type == LOG_BEGINS;
    }
}
