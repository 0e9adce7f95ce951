package dev.tidesync.engine.wal;

import java.io.IOException;

/**
 * The disk gave no room, and was asked before anything was written: the log is as it was, and takes records again once
 * there is room.
 */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1;

    /** What there was no room for, and why. */
    NoRoomException(String message, Throwable cause) {
        super(message, cause);
    }
}
