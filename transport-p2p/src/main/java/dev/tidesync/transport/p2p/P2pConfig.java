package dev.tidesync.transport.p2p;

import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One instance's settings, read and checked. */
record P2pConfig(
        Listening listening,
        Optional<String> name,
        Path keyFile,
        Path peersFile,
        Times times,
        Reconnect reconnect,
        boolean keepConnected,
        Sizes sizes,
        Relay relay) {
    private static final PeerAddress LOOPBACK = new PeerAddress("127.0.0.1", 0);

    /**
     * Where to listen.
     *
     * @param asked whether a person said so; otherwise only a node that has a key listens
     * @param at the address; empty for a node that only dials
     */
    record Listening(boolean asked, Optional<PeerAddress> at) {}

    /** How long things may take. */
    record Times(Duration connect, Duration handshake, Duration ack, Duration heartbeat, Duration silence) {}

    /** How long to wait before connecting again. */
    record Reconnect(Duration min, Duration max, Duration stableAfter, Duration blockedProbe) {}

    /** How much may be under way. */
    record Sizes(int windowOperations, int windowBytes, int waiting, int frameBytes, int connections) {}

    /** How much is kept for others, for each peer that hands it in, and for how long. */
    record Relay(int operations, int bytes, Duration keep) {}

    /**
     * Reads the settings.
     *
     * @param directory where files lie that settings do not place elsewhere
     * @throws TransportConfigException with every problem, if there is any
     */
    static P2pConfig from(Settings raw, Path directory) throws TransportConfigException {
        CheckedSettings settings = new CheckedSettings(raw);
        P2pConfig config = new P2pConfig(
                listening(settings),
                settings.parsed(P2pSettings.NAME, P2pConfig::name),
                settings.parsed(P2pSettings.KEY_FILE, Path::of).orElse(directory.resolve("key.pem")),
                settings.parsed(P2pSettings.PEERS_FILE, Path::of).orElse(directory.resolve("peers.txt")),
                times(settings),
                reconnect(settings),
                settings.flag(P2pSettings.KEEP_CONNECTED),
                sizes(settings),
                new Relay(
                        settings.number(P2pSettings.RELAY_OPERATIONS),
                        settings.sizeBytes(P2pSettings.RELAY_BYTES),
                        settings.duration(P2pSettings.RELAY_KEEP)));
        settings.throwIfAnyProblem();
        return config;
    }

    private static Listening listening(CheckedSettings settings) {
        Optional<String> text = settings.text(P2pSettings.LISTEN);
        if (text.isEmpty()) {
            return new Listening(false, Optional.of(LOOPBACK));
        }
        return text.get().equals("off")
                ? new Listening(false, Optional.empty())
                : new Listening(true, settings.parsed(P2pSettings.LISTEN, PeerAddress::parse));
    }

    private static String name(String text) {
        if (!Peer.isName(text)) {
            throw new IllegalArgumentException(
                    "expected 1 to 42 of A-Z, a-z, 0-9, '.', '_' and '-' but was '" + text + "'");
        }
        return text;
    }

    private static Times times(CheckedSettings settings) {
        Times times = new Times(
                settings.duration(P2pSettings.CONNECT_TIMEOUT),
                settings.duration(P2pSettings.HANDSHAKE_TIMEOUT),
                settings.duration(P2pSettings.ACK_TIMEOUT),
                settings.duration(P2pSettings.HEARTBEAT),
                settings.duration(P2pSettings.SILENCE));
        if (times.silence.compareTo(times.heartbeat) <= 0) {
            settings.problem(P2pSettings.SILENCE, "must be longer than " + P2pSettings.HEARTBEAT);
        }
        return times;
    }

    private static Reconnect reconnect(CheckedSettings settings) {
        Reconnect reconnect = new Reconnect(
                settings.duration(P2pSettings.RECONNECT_MIN),
                settings.duration(P2pSettings.RECONNECT_MAX),
                settings.duration(P2pSettings.STABLE_AFTER),
                settings.duration(P2pSettings.BLOCKED_PROBE));
        if (reconnect.min.compareTo(reconnect.max) > 0) {
            settings.problem(P2pSettings.RECONNECT_MIN, "must not be longer than " + P2pSettings.RECONNECT_MAX);
        }
        return reconnect;
    }

    private static Sizes sizes(CheckedSettings settings) {
        return new Sizes(
                settings.number(P2pSettings.WINDOW_OPERATIONS),
                settings.sizeBytes(P2pSettings.WINDOW_BYTES),
                settings.number(P2pSettings.WINDOW_WAITING),
                settings.sizeBytes(P2pSettings.MAX_FRAME_BYTES),
                settings.number(P2pSettings.MAX_CONNECTIONS));
    }
}
