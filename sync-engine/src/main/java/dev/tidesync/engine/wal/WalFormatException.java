package dev.tidesync.engine.wal;

import java.io.IOException;

/** The files are not one log that this version can read: of a newer format, or of two different logs. */
public final class WalFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** What was found in which file, and what to do. */
    public WalFormatException(String message) {
        super(message);
    }
}
