package dev.tidesync.spi;

import java.util.regex.Pattern;

/**
 * The shape of a kind prefix: one or more lower-case segments, each ended by a dot, as {@code http.} or {@code a.b.}.
 */
public final class KindPrefix {
    private static final Pattern SHAPE = Pattern.compile("([a-z][a-z0-9_-]*\\.)+");

    private KindPrefix() {}

    /**
     * The prefix itself, if it has the shape.
     *
     * @throws IllegalArgumentException if it does not
     */
    public static String require(String prefix) {
        if (!SHAPE.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "kind prefix must be lower-case segments that each end in '.', as 'http.', was: '" + prefix + "'");
        }
        return prefix;
    }
}
