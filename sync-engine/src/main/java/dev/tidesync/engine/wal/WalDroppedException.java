package dev.tidesync.engine.wal;

import java.io.IOException;

/**
 * What was to be read lies before the log's beginning: the segment that held it has been dropped. What counted of it
 * has been written again, so look up where it is now.
 */
public final class WalDroppedException extends IOException {
    private static final long serialVersionUID = 1;

    WalDroppedException(long offset, long firstOffset) {
        super("offset " + offset + " is no longer in the log: expected " + firstOffset
                + " or more; look up where the record is now");
    }
}
