package dev.tidesync.spi;

import java.util.Objects;

/** Something that happened to an operation on its way and kept it from being delivered, for a person. Immutable. */
public final class Incident {
    /** What happened. More may be added, so that a switch over them needs a default branch. */
    public enum Type {
        /** An attempt failed and was charged. */
        FAILED,
        /** An attempt ended uncharged: the destination, the network or a stop was the cause. */
        RELEASED,
        /** Whoever had claimed it did not come back: charged, and it may have been delivered. */
        LOST,
        /** It was given up. */
        BURIED,
        /** It was not claimed although it was due, for the reason given. */
        HELD,
        /** A person sent it again. */
        REPLAYED,
        /** All that is left of what happened before the log gave back the room. */
        EARLIER
    }

    private final long atMs;
    private final Type type;
    private final String code;
    private final String error;

    /** An incident; code and error may be empty. */
    public Incident(long atMs, Type type, String code, String error) {
        this.atMs = atMs;
        this.type = Objects.requireNonNull(type);
        this.code = Objects.requireNonNull(code);
        this.error = Objects.requireNonNull(error);
    }

    /** When it was recorded, in wall-clock milliseconds; 0 if that is not known. */
    public long atMs() {
        return atMs;
    }

    /** What happened. */
    public Type type() {
        return type;
    }

    /** The machine-readable code, such as {@code http.429}; empty if there is none. */
    public String code() {
        return code;
    }

    /** The reason in words. */
    public String error() {
        return error;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Incident incident
                && atMs == incident.atMs
                && type == incident.type
                && code.equals(incident.code)
                && error.equals(incident.error);
    }

    @Override
    public int hashCode() {
        return Objects.hash(atMs, type, code, error);
    }

    @Override
    public String toString() {
        return type + " at " + atMs + (code.isEmpty() ? "" : " (" + code + ")") + (error.isEmpty() ? "" : ": " + error);
    }
}
