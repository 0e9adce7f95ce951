package dev.tidesync.transport.http;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;

/** The names, defaults and meaning of the settings that the HTTP transport takes. */
final class HttpSettings {
    static final String BASE_URL = "base-url";
    static final String ALLOWED_HOSTS = "allowed-hosts";
    static final String ALLOW_CLEARTEXT = "allow-cleartext";
    static final String CALL_TIMEOUT = "call-timeout";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String READ_TIMEOUT = "read-timeout";
    static final String MAX_CONCURRENCY_PER_HOST = "max-concurrency-per-host";
    static final String MAX_RESPONSE_BYTES = "max-response-bytes";
    static final String HEADERS = "headers.*";
    static final String USER_AGENT = "user-agent";
    static final String GZIP = "gzip";
    static final String IDEMPOTENCY_HEADER = "idempotency.header";
    static final String IDEMPOTENCY_STYLE = "idempotency.style";
    static final String AUTH_TYPE = "auth.type";
    static final String AUTH_TOKEN = "auth.token";
    static final String AUTH_USERNAME = "auth.username";
    static final String AUTH_PASSWORD = "auth.password";
    static final String AUTH_HEADER = "auth.header";
    static final String AUTH_HOSTS = "auth.hosts";
    static final String TRUST_STORE = "trust-store.path";
    static final String TRUST_STORE_PASSWORD = "trust-store.password";
    static final String PINS = "pins.*";
    static final String RETRY_STATUSES = "retry.statuses";
    static final String PERMANENT_STATUSES = "permanent.statuses";
    static final String RETRY_AMBIGUOUS = "retry.ambiguous";
    static final String RETRY_AFTER_MAX = "retry.after-max";
    static final String BLOCKED_PROBE = "retry.blocked-probe";

    static final ConfigSpec SPEC = ConfigSpec.builder()
            .key(text(BASE_URL, "Where targets that are not absolute URLs lead, as https://api.example.com/v1."))
            .key(ConfigKey.of(
                    ALLOWED_HOSTS,
                    ConfigType.LIST,
                    "The only hosts that targets may name, as api.example.com or *.example.com; empty allows all. The"
                            + " host of base-url is always allowed."))
            .key(flag(ALLOW_CLEARTEXT, "false", "Whether http:// may leave this machine; loopback always may use it."))
            .key(duration(CALL_TIMEOUT, "30s", "How long one attempt may take, from connecting to the answer's end."))
            .key(duration(CONNECT_TIMEOUT, "10s", "How long connecting to one address may take."))
            .key(duration(READ_TIMEOUT, "25s", "How long the connection may be silent while sending or waiting."))
            .key(ConfigKey.of(
                            MAX_CONCURRENCY_PER_HOST,
                            ConfigType.NUMBER,
                            "How many requests a host, port by port, gets at a time.")
                    .withDefault("5"))
            .key(ConfigKey.of(
                            MAX_RESPONSE_BYTES,
                            ConfigType.SIZE,
                            "How much of an answer's body is read; the rest is thrown away.")
                    .withDefault("64KiB"))
            .key(text(HEADERS, "A header for every request; an operation's own header of that name replaces it."))
            .key(text(USER_AGENT, "The User-Agent; left out, Tidesync and its version."))
            .key(flag(GZIP, "false", "Whether request bodies above 1 KiB are compressed with gzip."))
            .key(text(IDEMPOTENCY_HEADER, "The header that carries the idempotency key.")
                    .withDefault("Idempotency-Key"))
            .key(text(
                            IDEMPOTENCY_STYLE,
                            "How the key is written: quoted as the IETF draft asks, raw as Stripe does, or none to"
                                    + " leave it out.")
                    .withDefault("quoted")
                    .oneOf("quoted", "raw", "none"))
            .key(text(AUTH_TYPE, "How requests are authenticated.")
                    .withDefault("none")
                    .oneOf("none", "bearer", "basic", "api-key"))
            .key(text(AUTH_TOKEN, "The bearer token or API key, best as ${env:NAME} or ${file:PATH}.")
                    .asSecret())
            .key(text(AUTH_USERNAME, "The user name for basic authentication."))
            .key(text(AUTH_PASSWORD, "The password for basic authentication, best as ${env:NAME} or ${file:PATH}.")
                    .asSecret())
            .key(text(AUTH_HEADER, "The header that carries the API key.").withDefault("X-Api-Key"))
            .key(ConfigKey.of(
                    AUTH_HOSTS,
                    ConfigType.LIST,
                    "The hosts that credentials are sent to; left out, the host of base-url alone."))
            .key(text(
                    TRUST_STORE,
                    "A PEM file or a PKCS12 or JKS key store with the only certificate authorities to trust; left out,"
                            + " those of the JDK."))
            .key(text(TRUST_STORE_PASSWORD, "The password of the key store.").asSecret())
            .key(ConfigKey.of(
                    PINS,
                    ConfigType.LIST,
                    "The public keys that a host may present, as pins.api.example.com=sha256/AAAA…; give two or more,"
                            + " so that one can be replaced."))
            .key(statuses(RETRY_STATUSES, "Status codes that are tried again although they are final by default."))
            .key(statuses(PERMANENT_STATUSES, "Status codes that are final although they are tried again by default."))
            .key(flag(
                    RETRY_AMBIGUOUS,
                    "true",
                    "Whether a POST or PATCH without an idempotency key is tried again when the receiver may have"
                            + " applied it."))
            .key(duration(RETRY_AFTER_MAX, "24h", "The longest wait a receiver may ask for."))
            .key(duration(
                    BLOCKED_PROBE,
                    "1m",
                    "How often a destination is asked again that moved, refuses the credentials or fails TLS."))
            .build();

    private HttpSettings() {}

    private static ConfigKey text(String name, String doc) {
        return ConfigKey.of(name, ConfigType.TEXT, doc);
    }

    private static ConfigKey flag(String name, String defaultValue, String doc) {
        return ConfigKey.of(name, ConfigType.FLAG, doc).withDefault(defaultValue);
    }

    private static ConfigKey duration(String name, String defaultValue, String doc) {
        return ConfigKey.of(name, ConfigType.DURATION, doc).withDefault(defaultValue);
    }

    private static ConfigKey statuses(String name, String doc) {
        return ConfigKey.of(name, ConfigType.LIST, doc);
    }
}
