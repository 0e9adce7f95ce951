package dev.tidesync.spi;

import java.util.Objects;

/** One thing that is wrong with a setting. Never holds the value of a secret. Immutable. */
public final class ConfigProblem {
    private final String key;
    private final String message;

    /** A problem with the given key; the message says what was expected, what was found and what to do. */
    public ConfigProblem(String key, String message) {
        this.key = Objects.requireNonNull(key);
        this.message = Objects.requireNonNull(message);
    }

    /** The key it concerns. */
    public String key() {
        return key;
    }

    /** What is wrong. */
    public String message() {
        return message;
    }

    @Override
    public String toString() {
        return key + ": " + message;
    }
}
