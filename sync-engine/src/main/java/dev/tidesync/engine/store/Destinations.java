package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@link Operation#destination} says of targets, without parsing each: targets that differ only in a plain path or
 * query lead to the same destination. Remembers a bounded number of them. Not safe for use by several threads.
 */
final class Destinations {
    private static final int MAX_REMEMBERED = 4_096;
    private static final String AFTER_SCHEME = "://";
    private static final String PLAIN = "-._~/?&=+,:;@!$'()*";

    private final Map<String, String> byBase = new HashMap<>();

    String of(String target) {
        int scheme = target.indexOf(AFTER_SCHEME);
        int path = scheme < 0 ? -1 : target.indexOf('/', scheme + AFTER_SCHEME.length());
        if (path < 0 || !isPlain(target, path)) {
            return Operation.destinationOf(target);
        }
        String base = target.substring(0, path + 1);
        String known = byBase.get(base);
        return known == null ? ask(base, target) : known;
    }

    /** Whether a URI stays one when this follows its authority. */
    private static boolean isPlain(String target, int from) {
        for (int i = from; i < target.length(); i++) {
            char c = target.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && PLAIN.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private String ask(String base, String target) {
        String destination = Operation.destinationOf(base);
        if (destination.equals(base)) { // not a URI with an authority, so the whole target is the destination
            return Operation.destinationOf(target);
        }
        if (byBase.size() == MAX_REMEMBERED) {
            byBase.clear();
        }
        byBase.put(base, destination);
        return destination;
    }
}
