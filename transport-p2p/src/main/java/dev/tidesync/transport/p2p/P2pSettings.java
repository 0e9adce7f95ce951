package dev.tidesync.transport.p2p;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;

/** The names, defaults and meaning of the settings that the P2P transport takes. */
final class P2pSettings {
    static final String LISTEN = "listen";
    static final String NAME = "name";
    static final String KEY_FILE = "key-file";
    static final String PEERS_FILE = "peers-file";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String HANDSHAKE_TIMEOUT = "handshake-timeout";
    static final String ACK_TIMEOUT = "ack-timeout";
    static final String HEARTBEAT = "heartbeat";
    static final String SILENCE = "silence";
    static final String WINDOW_OPERATIONS = "window.operations";
    static final String WINDOW_BYTES = "window.bytes";
    static final String WINDOW_WAITING = "window.waiting";
    static final String MAX_FRAME_BYTES = "max-frame-bytes";
    static final String KEEP_CONNECTED = "keep-connected";
    static final String MAX_CONNECTIONS = "max-connections";
    static final String RECONNECT_MIN = "reconnect.min";
    static final String RECONNECT_MAX = "reconnect.max";
    static final String STABLE_AFTER = "reconnect.stable-after";
    static final String RELAY_OPERATIONS = "relay.operations";
    static final String RELAY_BYTES = "relay.bytes";
    static final String RELAY_KEEP = "relay.keep";
    static final String BLOCKED_PROBE = "reconnect.blocked-probe";

    static final ConfigSpec SPEC = ConfigSpec.builder()
            .key(text(
                    LISTEN,
                    "Where to listen for peers, as 0.0.0.0:7420, or 'off'; left out, on loopback at a free port, once"
                            + " the node has a key."))
            .key(text(NAME, "What this node calls itself to others; left out, the beginning of its id."))
            .key(text(KEY_FILE, "The file with the node's key; left out, key.pem in the transport's own directory."))
            .key(text(PEERS_FILE, "The file of known peers; left out, peers.txt in the transport's own directory."))
            .key(duration(CONNECT_TIMEOUT, "10s", "How long reaching a peer may take, all its addresses together."))
            .key(duration(HANDSHAKE_TIMEOUT, "10s", "How long a connection may take until both sides have said hello."))
            .key(duration(ACK_TIMEOUT, "15s", "How long to wait for the acknowledgement of an operation."))
            .key(duration(HEARTBEAT, "20s", "After how long without a word a ping is sent."))
            .key(duration(SILENCE, "60s", "After how long without a word a connection is given up."))
            .key(number(WINDOW_OPERATIONS, "64", "How many operations may be unacknowledged, in each direction."))
            .key(size(WINDOW_BYTES, "4MiB", "How many bytes may be unacknowledged, in each direction."))
            .key(number(WINDOW_WAITING, "1000", "How many operations may wait for room on the way to a peer."))
            .key(size(MAX_FRAME_BYTES, "1MiB", "The longest message to send or take; a longer one fails for good."))
            .key(ConfigKey.of(
                            KEEP_CONNECTED,
                            ConfigType.FLAG,
                            "Whether to keep a connection to every peer whose address is known, so that it can send to"
                                    + " a node that it cannot dial.")
                    .withDefault("true"))
            .key(number(MAX_CONNECTIONS, "64", "How many connections are taken from others at a time."))
            .key(duration(RECONNECT_MIN, "500ms", "The first wait before connecting again; a random part of it."))
            .key(duration(RECONNECT_MAX, "60s", "The longest wait before connecting again."))
            .key(duration(STABLE_AFTER, "30s", "After how long a connection counts as good and waits begin anew."))
            .key(duration(
                    BLOCKED_PROBE,
                    "1m",
                    "How often a peer is tried again that is unknown, does not trust this node, or has another key."))
            .key(number(
                    RELAY_OPERATIONS,
                    "10000",
                    "How many operations for others are kept for each peer that may hand such in."))
            .key(size(RELAY_BYTES, "64MiB", "How many bytes of them are kept for each."))
            .key(duration(RELAY_KEEP, "7d", "How long one of them is kept at most."))
            .build();

    private P2pSettings() {}

    private static ConfigKey text(String name, String doc) {
        return ConfigKey.of(name, ConfigType.TEXT, doc);
    }

    private static ConfigKey duration(String name, String defaultValue, String doc) {
        return ConfigKey.of(name, ConfigType.DURATION, doc).withDefault(defaultValue);
    }

    private static ConfigKey number(String name, String defaultValue, String doc) {
        return ConfigKey.of(name, ConfigType.NUMBER, doc).withDefault(defaultValue);
    }

    private static ConfigKey size(String name, String defaultValue, String doc) {
        return ConfigKey.of(name, ConfigType.SIZE, doc).withDefault(defaultValue);
    }
}
