package dev.tidesync.api;

/** How far an operation has come. Each status has a stable code, the one that files and wires carry. */
public enum OperationStatus {
    /** Durable and waiting; no attempt at it has failed yet. */
    PENDING(0),
    /** Claimed by an owner that is sending it. */
    IN_FLIGHT(1),
    /** Delivered: the other side has said that it took custody. */
    DONE(2),
    /** An attempt failed or was given back; it will be tried again. */
    FAILED(3),
    /** Given up on: it is never sent again unless a person replays it. */
    PERMANENT_FAILED(4);

    private final int code;

    OperationStatus(int code) {
        this.code = code;
    }

    /** The stable number of this status. */
    public int code() {
        return code;
    }

    /** True for {@link #DONE} and {@link #PERMANENT_FAILED}: nothing more happens by itself. */
    public boolean isFinal() {
        return this == DONE || this == PERMANENT_FAILED;
    }

    /**
     * The status with the given code.
     *
     * @throws IllegalArgumentException if no status has this code
     */
    public static OperationStatus ofCode(int code) {
        for (OperationStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("status code must be 0 to 4, was: " + code);
    }
}
