package dev.tidesync.transport.ws;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A list of hosts, each a name, an address, or {@code *.} and a domain whose subdomains are meant. Immutable. */
record HostPatterns(List<String> patterns) {
    static final HostPatterns NONE = new HostPatterns(List.of());

    private static final Pattern SHAPE = Pattern.compile("(\\*\\.)?[a-z0-9_.:\\[\\]-]+");

    /**
     * The patterns, in lower case.
     *
     * @throws IllegalArgumentException if one holds anything but a host, such as a scheme or a path
     */
    static HostPatterns of(List<String> texts) {
        return new HostPatterns(texts.stream().map(HostPatterns::checked).toList());
    }

    private static String checked(String text) {
        String pattern = text.toLowerCase(Locale.ROOT);
        if (!SHAPE.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "expected hosts such as example.com or *.example.com but was '" + text + "'");
        }
        return pattern;
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether the host, in lower case, is among them. */
    boolean match(String host) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, host));
    }

    private static boolean matches(String pattern, String host) {
        return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern);
    }
}
