package dev.tidesync.transport.ws;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;

/** The names, defaults and meaning of the settings that the WebSocket transport takes. */
final class WsSettings {
    static final String DESTINATIONS = "destinations.*";
    static final String DIALECT = "dialect";
    static final String VIRTUAL_HOST = "virtual-host";
    static final String ALLOWED_HOSTS = "allowed-hosts";
    static final String ALLOW_CLEARTEXT = "allow-cleartext";
    static final String HEADERS = "headers.*";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String ACK_TIMEOUT = "ack-timeout";
    static final String IDLE_TIMEOUT = "idle-timeout";
    static final String HEARTBEAT = "heartbeat";
    static final String WINDOW_OPERATIONS = "window.operations";
    static final String WINDOW_BYTES = "window.bytes";
    static final String WINDOW_WAITING = "window.waiting";
    static final String MAX_INCOMING_BYTES = "max-incoming-bytes";
    static final String MAX_OUTGOING_BYTES = "max-outgoing-bytes";
    static final String MAX_ANSWER_BYTES = "max-answer-bytes";
    static final String RECONNECT_MIN = "reconnect.min";
    static final String RECONNECT_MAX = "reconnect.max";
    static final String STABLE_AFTER = "reconnect.stable-after";
    static final String BLOCKED_PROBE = "reconnect.blocked-probe";
    static final String AUTH_TYPE = "auth.type";
    static final String AUTH_TOKEN = "auth.token";
    static final String AUTH_HEADER = "auth.header";
    static final String AUTH_PROTOCOL_PREFIX = "auth.protocol-prefix";
    static final String AUTH_USERNAME = "auth.username";
    static final String AUTH_PASSWORD = "auth.password";
    static final String AUTH_HOSTS = "auth.hosts";
    static final String TRUST_STORE = "trust-store.path";
    static final String TRUST_STORE_PASSWORD = "trust-store.password";
    static final String PINS = "pins.*";

    static final String LISTEN = "listen";
    static final String LISTEN_TOKENS = "listen.tokens.*";
    static final String LISTEN_MAX_CONNECTIONS = "listen.max-connections";
    static final String LISTEN_MAX_MESSAGE_BYTES = "listen.max-message-bytes";
    static final String LISTEN_ALLOW_CLEARTEXT = "listen.allow-cleartext";
    static final String LISTEN_KEY_STORE = "listen.key-store.path";
    static final String LISTEN_KEY_STORE_PASSWORD = "listen.key-store.password";

    static final ConfigSpec SPEC = ConfigSpec.builder()
            .key(text(DESTINATIONS, "A name for targets, as destinations.orders=wss://example.com/orders."))
            .key(text(DIALECT, "The sub-protocol to speak: json.reliable.webpubsub.azure.v1 or v12.stomp.")
                    .withDefault("json.reliable.webpubsub.azure.v1"))
            .key(text(
                    VIRTUAL_HOST,
                    "The host that a STOMP broker is asked for, as / for RabbitMQ's own; left out, the one dialled."))
            .key(ConfigKey.of(
                    ALLOWED_HOSTS,
                    ConfigType.LIST,
                    "The only hosts that targets may name, as example.com or *.example.com; empty allows all. The hosts"
                            + " of configured destinations are always allowed."))
            .key(ConfigKey.of(
                            ALLOW_CLEARTEXT,
                            ConfigType.FLAG,
                            "Whether ws:// may leave this machine; loopback always may use it.")
                    .withDefault("false"))
            .key(text(HEADERS, "A header for every WebSocket handshake."))
            .key(duration(CONNECT_TIMEOUT, "10s", "How long connecting may take, TLS and all handshakes included."))
            .key(duration(ACK_TIMEOUT, "15s", "How long to wait for the acknowledgement of an operation."))
            .key(duration(IDLE_TIMEOUT, "5m", "After how long without an operation a connection is closed."))
            .key(duration(HEARTBEAT, "20s", "How often a ping is sent; a peer silent for 1.5 times this is given up."))
            .key(number(WINDOW_OPERATIONS, "64", "How many operations may be unacknowledged on a connection."))
            .key(size(WINDOW_BYTES, "4MiB", "How many bytes may be unacknowledged on a connection."))
            .key(number(WINDOW_WAITING, "1000", "How many operations may wait for room on a connection."))
            .key(size(MAX_INCOMING_BYTES, "1MiB", "The longest message that the other side may send."))
            .key(size(MAX_OUTGOING_BYTES, "32MiB", "The longest message to send; a longer one fails for good."))
            .key(size(MAX_ANSWER_BYTES, "64KiB", "How much of the answer to a ws.request is kept."))
            .key(duration(RECONNECT_MIN, "500ms", "The first wait before connecting again; a random part of it."))
            .key(duration(RECONNECT_MAX, "60s", "The longest wait before connecting again."))
            .key(duration(STABLE_AFTER, "30s", "After how long a connection counts as good and waits begin anew."))
            .key(duration(
                    BLOCKED_PROBE,
                    "1m",
                    "How often a destination is tried again that refuses the credentials, the sub-protocol or TLS."))
            .key(text(AUTH_TYPE, "How connections are authenticated.")
                    .withDefault("none")
                    .oneOf("none", "bearer", "header", "protocol", "login"))
            .key(text(AUTH_TOKEN, "The token, best as ${env:NAME} or ${file:PATH}; read for each connection.")
                    .asSecret())
            .key(text(AUTH_HEADER, "The header that carries the token with auth.type=header.")
                    .withDefault("X-Api-Key"))
            .key(text(AUTH_PROTOCOL_PREFIX, "What precedes the base64url token with auth.type=protocol.")
                    .withDefault("base64url.bearer."))
            .key(text(AUTH_USERNAME, "The user name with auth.type=login, for dialects that log in such as STOMP."))
            .key(text(AUTH_PASSWORD, "The password with auth.type=login, best as ${env:NAME} or ${file:PATH}.")
                    .asSecret())
            .key(ConfigKey.of(
                    AUTH_HOSTS,
                    ConfigType.LIST,
                    "The hosts that credentials are sent to; left out, those of configured destinations alone."))
            .key(text(
                    TRUST_STORE,
                    "A PEM file or a PKCS12 or JKS key store with the only certificate authorities to trust; left out,"
                            + " those of the JDK."))
            .key(text(TRUST_STORE_PASSWORD, "The password of the key store.").asSecret())
            .key(ConfigKey.of(
                    PINS,
                    ConfigType.LIST,
                    "The public keys that a host's own certificate may have, as pins.example.com=sha256/AAAA…; give two"
                            + " or more, so that one can be replaced."))
            .key(text(
                    LISTEN, "Where to receive operations of others, as 127.0.0.1:8090; left out, nothing is received."))
            .key(text(
                            LISTEN_TOKENS,
                            "The token of a sender, as listen.tokens.ada=${env:ADA_TOKEN}; its operations come"
                                    + " from the origin ada. Needed beyond this machine.")
                    .asSecret())
            .key(number(LISTEN_MAX_CONNECTIONS, "64", "How many senders may be connected."))
            .key(size(LISTEN_MAX_MESSAGE_BYTES, "1MiB", "The longest message that a sender may send."))
            .key(ConfigKey.of(
                            LISTEN_ALLOW_CLEARTEXT,
                            ConfigType.FLAG,
                            "Whether to receive without TLS beyond this machine, as behind a proxy that brings it.")
                    .withDefault("false"))
            .key(text(
                    LISTEN_KEY_STORE,
                    "A PKCS12 or JKS key store with the key and certificate to receive with over TLS."))
            .key(text(LISTEN_KEY_STORE_PASSWORD, "The password of that key store.")
                    .asSecret())
            .build();

    private WsSettings() {}

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
