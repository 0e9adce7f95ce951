package dev.tidesync.transport.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What the name and value of a header may be. Its messages never hold a value, since that may be a secret. */
final class HeaderRules {
    /** A token of RFC 9110 §5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Headers that frame the message or steer the connection (RFC 9110 §7.6.1); the client alone may write them. */
    private static final Set<String> CONNECTION_HEADERS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HeaderRules() {}

    /**
     * The name itself, if it is a header name that may be chosen.
     *
     * @throws IllegalArgumentException if it is not
     */
    static String requireName(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("expected a header name but was '" + name + "'");
        }
        if (CONNECTION_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "header '" + name + "' belongs to the connection and cannot be chosen; leave it out");
        }
        return name;
    }

    /**
     * The value itself, if it can stand in a header.
     *
     * @throws IllegalArgumentException if it cannot; names the header, not the value
     */
    static String requireValue(String name, String value) {
        if (!VISIBLE.matcher(value).matches()) {
            throw new IllegalArgumentException("the value of header '" + name
                    + "' holds a line break or a character that is not printable ASCII; encode it");
        }
        return value;
    }
}
