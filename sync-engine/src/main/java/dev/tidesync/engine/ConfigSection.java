package dev.tidesync.engine;

import static dev.tidesync.spi.ConfigType.DURATION;
import static dev.tidesync.spi.ConfigType.FLAG;
import static dev.tidesync.spi.ConfigType.LIST;
import static dev.tidesync.spi.ConfigType.NUMBER;
import static dev.tidesync.spi.ConfigType.SIZE;
import static dev.tidesync.spi.ConfigType.TEXT;

import dev.tidesync.engine.store.FileOutboxStoreProvider;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A group of the engine's own settings, such as all below {@code retry.} */
enum ConfigSection {
    /** How the outbox behaves, and how the file store that keeps it does. */
    OUTBOX(outboxKeys()),
    /** How operations that others send are kept and handled. */
    INBOX(
            ConfigKey.of("retention", DURATION, "How long the key of a handled operation is remembered."),
            ConfigKey.of("max-keys", NUMBER, "How many keys are remembered; with as many, senders are told to wait."),
            ConfigKey.of("max-waiting", NUMBER, "How many operations may wait for their handler."),
            ConfigKey.of("max-waiting-bytes", SIZE, "How many payload bytes may wait for their handler."),
            ConfigKey.of("handler-threads", NUMBER, "How many handlers run at a time."),
            ConfigKey.of("retry-base-delay", DURATION, "How soon a handler that failed runs again."),
            ConfigKey.of("retry-max-delay", DURATION, "The longest wait before a handler runs again.")),
    /** How operations are delivered. */
    ENGINE(
            ConfigKey.of("worker-count", NUMBER, "How many blocking sends run side by side to one destination."),
            ConfigKey.of("idle-sleep", DURATION, "The longest rest while online."),
            ConfigKey.of("offline-sleep", DURATION, "The longest rest while offline."),
            ConfigKey.of("batch-limit", NUMBER, "How many operations are claimed at a time."),
            ConfigKey.of(
                    "inflight-timeout", DURATION, "After how long without renewal a claim is taken for abandoned."),
            ConfigKey.of("send-timeout", DURATION, "How long a send may take."),
            ConfigKey.of("stop-timeout", DURATION, "How long a stop waits for sends under way."),
            ConfigKey.of("in-flight-window", NUMBER, "How many asynchronous sends are under way to one destination."),
            ConfigKey.of("max-in-flight", NUMBER, "How many sends are under way in all."),
            ConfigKey.of("max-send-threads", NUMBER, "How many threads block on sends in all."),
            ConfigKey.of("max-abandoned-sends", NUMBER, "How many hanging sends a transport may leave behind."),
            ConfigKey.of("control-socket", FLAG, "Whether other processes may reach this outbox through a socket.")),
    /** What follows a failure. */
    RETRY(
            ConfigKey.of("max-attempts", NUMBER, "How many charged failures bury an operation."),
            ConfigKey.of("base-delay", DURATION, "The first wait."),
            ConfigKey.of("max-delay", DURATION, "The longest wait."),
            ConfigKey.of("factor", TEXT, "How much longer each wait is than the one before, a decimal number."),
            ConfigKey.of("jitter-ratio", TEXT, "The share of a wait by which jitter moves it, a decimal number."),
            ConfigKey.of("max-age", DURATION, "Beyond which age a failed operation is not tried again; 0s for never.")),
    /** How large operations may be. */
    LIMITS(
            ConfigKey.of("max-payload-bytes", SIZE, "The largest payload."),
            ConfigKey.of("max-headers-bytes", SIZE, "The largest sum of all header names and values."),
            ConfigKey.of("max-target-bytes", SIZE, "The longest target."),
            ConfigKey.of("max-name-length", NUMBER, "The longest id, kind, idempotency key and ordering key."),
            ConfigKey.of("credential-headers-allowed", FLAG, "Whether headers that carry credentials may be stored.")),
    /** What can be read of a running engine. */
    METRICS(ConfigKey.of(
            "port",
            NUMBER,
            "Where 'tidesync run' serves metrics and health on loopback, 0 for any port; by default nowhere.")),
    /** Where plugins lie, which of them may be loaded, and which must run. */
    PLUGINS(
            ConfigKey.of("dir", LIST, "Folders with plugins, besides the class path."),
            ConfigKey.of(
                    "allow",
                    LIST,
                    "The names of the only folders and JARs (without .jar) in plugin folders that may be loaded."),
            ConfigKey.of(
                    "lock",
                    TEXT,
                    "The file with the SHA-256 of every JAR in plugin folders that may be loaded; see"
                            + " 'tidesync plugins lock'."),
            ConfigKey.of("required", LIST, "The instances that must run, or the start is refused."),
            ConfigKey.of("on-failure", TEXT, "Whether a broken plugin costs itself or the start.")
                    .oneOf("warn", "fail")
                    .withDefault("warn"));

    @SuppressWarnings("ImmutableEnumChecker") // a ConfigSpec is immutable
    private final ConfigSpec spec;

    ConfigSection(ConfigKey... keys) {
        ConfigSpec.Builder builder = ConfigSpec.builder();
        List.of(keys).forEach(builder::key);
        this.spec = builder.build();
    }

    private static ConfigKey[] outboxKeys() {
        List<ConfigKey> keys = new ArrayList<>(List.of(
                ConfigKey.of(
                        "url",
                        TEXT,
                        "Where the outbox is kept, as file:data/outbox.json; by default outbox.json in the data directory."),
                ConfigKey.of("owner", TEXT, "The name under which operations are claimed; by default the store's own."),
                ConfigKey.of("auto-generate-ids", FLAG, "Whether an operation without an id is given one."),
                ConfigKey.of(
                        "auto-generate-idempotency-key",
                        FLAG,
                        "Whether an operation without a key is given its id as one."),
                ConfigKey.of("holder", TEXT, "What others are told that holds the outbox.")));
        keys.addAll(new FileOutboxStoreProvider().configSpec().keys());
        return keys.toArray(ConfigKey[]::new);
    }

    /** What its keys begin with, as {@code retry.} */
    String prefix() {
        return name().toLowerCase(Locale.ROOT) + ".";
    }

    /** The section when nothing in it is set. */
    Settings defaults() {
        try {
            return Settings.of(spec, Map.of());
        } catch (TransportConfigException impossible) {
            throw new AssertionError("no engine setting is required", impossible);
        }
    }

    ConfigSpec spec() {
        return spec;
    }
}
