package dev.tidesync.transport.p2p;

/**
 * How a connection ended, or why there was none.
 *
 * @param cause whose turn it is to do something about it
 * @param code stable, for machines
 * @param text one sentence for a person; parts of it may be the other side's words
 */
record LinkEnd(Cause cause, String code, String text) {
    /** What a failure asks for. */
    enum Cause {
        /** Nothing but time. */
        PASSING,
        /** A person's decision or another key. */
        BLOCKED,
        /** Nothing: another connection to the same peer has taken over. */
        REPLACED
    }

    static LinkEnd passing(String code, String text) {
        return new LinkEnd(Cause.PASSING, code, text);
    }

    static LinkEnd blocked(String code, String text) {
        return new LinkEnd(Cause.BLOCKED, code, text);
    }

    static LinkEnd replaced() {
        return new LinkEnd(Cause.REPLACED, "p2p.duplicate", "another connection to the same peer has taken over");
    }
}
