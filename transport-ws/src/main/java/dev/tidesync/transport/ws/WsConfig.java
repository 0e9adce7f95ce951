package dev.tidesync.transport.ws;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.transport.ws.dialect.JsonReliableDialect;
import dev.tidesync.transport.ws.dialect.WsDialect;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.time.Duration;
import java.util.Optional;

/** One instance's settings, read and checked. Secrets are not in it: they are looked up for each connection. */
record WsConfig(
        WsDialect dialect,
        Optional<String> virtualHost,
        TargetRules targets,
        Credentials credentials,
        TlsTrust trust,
        Times times,
        Reconnect reconnect,
        Sizes sizes,
        Optional<WsReceiver.Config> receiver) {

    /** How long things may take. */
    record Times(Duration connect, Duration ack, Duration idle, Duration heartbeat) {}

    /** How long to wait before connecting again. */
    record Reconnect(Duration min, Duration max, Duration stableAfter, Duration blockedProbe) {}

    /** How much may be under way, and how long messages may be. */
    record Sizes(
            int windowOperations,
            int windowBytes,
            int waiting,
            int incomingBytes,
            int outgoingBytes,
            int answerBytes) {}

    /**
     * Reads the settings.
     *
     * @param engineVersion for the User-Agent
     * @throws TransportConfigException with every problem, if there is any
     */
    static WsConfig from(Settings raw, String engineVersion) throws TransportConfigException {
        CheckedSettings settings = new CheckedSettings(raw);
        TargetRules targets = TargetRules.from(settings);
        WsDialect dialect = settings.parsed(WsSettings.DIALECT, Dialects::named).orElseGet(JsonReliableDialect::new);
        WsConfig config = new WsConfig(
                dialect,
                settings.text(WsSettings.VIRTUAL_HOST),
                targets,
                Credentials.from(settings, targets, engineVersion),
                TlsTrust.from(settings),
                times(settings),
                reconnect(settings),
                sizes(settings),
                ListenSettings.read(settings));
        settings.throwIfAnyProblem();
        return config;
    }

    private static Times times(CheckedSettings settings) {
        return new Times(
                settings.duration(WsSettings.CONNECT_TIMEOUT),
                settings.duration(WsSettings.ACK_TIMEOUT),
                settings.duration(WsSettings.IDLE_TIMEOUT),
                settings.duration(WsSettings.HEARTBEAT));
    }

    private static Reconnect reconnect(CheckedSettings settings) {
        Reconnect reconnect = new Reconnect(
                settings.duration(WsSettings.RECONNECT_MIN),
                settings.duration(WsSettings.RECONNECT_MAX),
                settings.duration(WsSettings.STABLE_AFTER),
                settings.duration(WsSettings.BLOCKED_PROBE));
        if (reconnect.min.compareTo(reconnect.max) > 0) {
            settings.problem(WsSettings.RECONNECT_MIN, "must not be longer than " + WsSettings.RECONNECT_MAX);
        }
        return reconnect;
    }

    private static Sizes sizes(CheckedSettings settings) {
        if (settings.sizeBytes(WsSettings.MAX_ANSWER_BYTES) > SendResult.MAX_ANSWER_LENGTH) {
            settings.problem(WsSettings.MAX_ANSWER_BYTES, "must be at most 1MiB, which is what an outbox keeps");
        }
        return new Sizes(
                settings.number(WsSettings.WINDOW_OPERATIONS),
                settings.sizeBytes(WsSettings.WINDOW_BYTES),
                settings.number(WsSettings.WINDOW_WAITING),
                settings.sizeBytes(WsSettings.MAX_INCOMING_BYTES),
                settings.sizeBytes(WsSettings.MAX_OUTGOING_BYTES),
                settings.sizeBytes(WsSettings.MAX_ANSWER_BYTES));
    }
}
