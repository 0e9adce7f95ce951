package dev.tidesync.transport.ws;

import java.net.URI;
import java.util.Locale;

/**
 * Where an operation goes.
 *
 * @param uri what to connect to: scheme, host, path and query; equal ones share a connection
 * @param address where on the other side, as a STOMP queue; what the target says after {@code #}
 */
record Target(URI uri, String address) {
    boolean secure() {
        return "wss".equals(uri.getScheme());
    }

    /** In lower case; IPv6 addresses in brackets. */
    String host() {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    int port() {
        int port = uri.getPort();
        return port >= 0 ? port : secure() ? 443 : 80;
    }

    /** Host and port, for people: the path and query may hold secrets. */
    String shown() {
        return host() + ":" + port();
    }
}
