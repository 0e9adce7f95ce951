package dev.tidesync.spi;

/** How many ready operations of one kind, to one destination, may be claimed now. Immutable. */
public final class Admission {
    private static final Admission NONE = new Admission(0, "");

    private final int limit;
    private final String reason;

    private Admission(int limit, String reason) {
        this.limit = limit;
        this.reason = reason;
    }

    /**
     * Up to {@code limit} operations; 0 means none for the moment, with nothing to note.
     *
     * @throws IllegalArgumentException if negative
     */
    public static Admission upTo(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, was: " + limit);
        }
        return limit == 0 ? NONE : new Admission(limit, "");
    }

    /**
     * None, for a reason that a person should find in the operation's {@code lastError}. The reason holds no times, so
     * that an operation which goes on waiting for the same reason is noted once.
     */
    public static Admission hold(String reason) {
        return new Admission(0, reason);
    }

    /** How many may be claimed. */
    public int limit() {
        return limit;
    }

    /** Why none may be claimed; empty if there is nothing to note. */
    public String reason() {
        return reason;
    }
}
