package dev.tidesync.transport.p2p.peers;

import java.net.InetSocketAddress;

/** A host and a port, as {@code laptop.local:7420} or {@code [2001:db8::1]:7420}. */
public record PeerAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it has another shape
     */
    public static PeerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw wrong(text, "write an IPv6 address as [address]:port");
        }
        if (!host.matches("[A-Za-z0-9._:%-]{1,253}")) {
            throw wrong(text, "expected host:port");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= MAX_PORT) {
                return new PeerAddress(host, port);
            }
        } catch (NumberFormatException noNumber) {
            throw wrong(text, "the port must be a number");
        }
        throw wrong(text, "the port must be between 0 and " + MAX_PORT);
    }

    /** The address of a socket, by number. */
    public static PeerAddress of(InetSocketAddress address) {
        return new PeerAddress(address.getAddress().getHostAddress(), address.getPort());
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("not an address: '" + text + "'; " + why);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
