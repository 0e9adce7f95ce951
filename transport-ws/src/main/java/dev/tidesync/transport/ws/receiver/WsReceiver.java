package dev.tidesync.transport.ws.receiver;

import dev.tidesync.spi.Inbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocketServerFactory;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.DefaultWebSocketServerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket server for operations: what senders deliver with {@code ws.send} is handed to an {@link Inbox}, and
 * acknowledged when that has made it durable. It speaks {@code json.reliable.webpubsub.azure.v1}, the default dialect
 * of the sending side.
 *
 * <pre>{@code
 * try (SyncEngine sync = SyncEngine.open(Path.of("data"));
 *         WsReceiver receiver = WsReceiver.listen(sync.inbox(), WsReceiver.Config.onPort(8090))) {
 *     sync.inbox().onReceive("ws.", received -> System.out.println(received.operation().payloadText()));
 *     Thread.currentThread().join();
 * }
 * }</pre>
 *
 * <p><b>Who may send:</b> whoever shows a token, and each token's name is the origin. Without tokens it listens on the
 * loopback interface alone, where every program of this machine may send, under one origin; web pages may not.
 *
 * <p><b>Bounds:</b> connections, the length of a handshake and of a message, operations and bytes that are not
 * acknowledged, and answers that are not read. A sender that goes over them is told to wait, or cut off.
 *
 * <p><b>Limits:</b> an acknowledgement carries no answer, as the handler runs after it: a {@code ws.request} is
 * delivered, with nothing for an answer.
 *
 * <p><b>Threads:</b> safe for use by many. It has a thread that accepts and reads, some that decode, and one for
 * overdue handshakes; all are daemons.
 */
public final class WsReceiver implements AutoCloseable {
    static final String SUB_PROTOCOL = "json.reliable.webpubsub.azure.v1";

    private static final Logger log = LoggerFactory.getLogger(WsReceiver.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    /** Short beside any acknowledgement timeout. */
    private static final Duration FORGOTTEN_WRITES = Duration.ofMillis(100);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final ReceiverEndpoint endpoint;
    private final GuardedChannels channels;
    private final ScheduledThreadPoolExecutor sweeper;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WsReceiver(ReceiverEndpoint endpoint, GuardedChannels channels) throws IOException {
        this.endpoint = endpoint;
        this.channels = channels;
        endpoint.setWebSocketFactory(channels);
        endpoint.start();
        this.port = awaitStart(endpoint);
        this.sweeper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tidesync-ws-receiver-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        every(Duration.ofSeconds(1), channels::closeOverdue);
        every(FORGOTTEN_WRITES, endpoint::remindOfWrites);
    }

    private void every(Duration rest, Runnable task) {
        var unused = sweeper.scheduleWithFixedDelay(task, rest.toMillis(), rest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Listens until it is closed.
     *
     * @param inbox where operations go; it stays the caller's to close, after this
     * @throws IOException if the address cannot be listened on, such as a port that is in use
     */
    public static WsReceiver listen(Inbox inbox, Config config) throws IOException {
        GuardedChannels channels = new GuardedChannels(
                config.tls()
                        .<WebSocketServerFactory>map(DefaultSSLWebSocketServerFactory::new)
                        .orElseGet(DefaultWebSocketServerFactory::new),
                config.maxConnections());
        Tokens tokens = new Tokens(config.tokens(), config.tokensRequired());
        ReceiverEndpoint endpoint = new ReceiverEndpoint(config.address(), config, inbox, tokens);
        try {
            WsReceiver receiver = new WsReceiver(endpoint, channels);
            log.info("receiving ws operations on {}:{}", config.address().getHostString(), receiver.port());
            return receiver;
        } catch (IOException cannotListen) {
            throw new IOException(
                    "cannot receive on " + config.address() + ": " + cannotListen.getMessage()
                            + "; stop what uses the port, or listen on another",
                    cannotListen);
        }
    }

    private static int awaitStart(ReceiverEndpoint endpoint) throws IOException {
        try {
            return endpoint.started().get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new IOException(String.valueOf(failure.getCause()), failure);
        } catch (TimeoutException slow) {
            throw new IOException("it did not start within " + START_TIMEOUT, slow);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", interrupted);
        }
    }

    /** The port it listens on: the one that was asked for, or the one that the system chose for 0. */
    public int port() {
        return port;
    }

    /**
     * Ends every connection, and listens no more. What was not acknowledged is sent again. Closing twice does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        sweeper.shutdownNow();
        try {
            endpoint.stop((int) LONGEST_CLOSE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        channels.close();
    }

    /** Where a receiver listens, for whom, and how much it takes. Immutable. */
    public static final class Config {
        private final InetSocketAddress address;
        private final Supplier<Map<String, String>> tokens;
        private final boolean tokensRequired;
        private final Optional<SSLContext> tls;
        private final int maxConnections;
        private final int maxMessageBytes;
        private final Duration heartbeat;

        private Config(Builder builder) {
            this.address = builder.address;
            Map<String, String> named = Map.copyOf(builder.named);
            this.tokens = builder.lookup.orElse(() -> named);
            this.tokensRequired = builder.tokensRequired();
            this.tls = builder.tls;
            this.maxConnections = builder.maxConnections;
            this.maxMessageBytes = builder.maxMessageBytes;
            this.heartbeat = builder.heartbeat;
        }

        /** A builder with every default. */
        public static Builder builder() {
            return new Builder();
        }

        /** Every default, on this port of the loopback interface. */
        public static Config onPort(int port) {
            return builder()
                    .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .build();
        }

        InetSocketAddress address() {
            return address;
        }

        Supplier<Map<String, String>> tokens() {
            return tokens;
        }

        boolean tokensRequired() {
            return tokensRequired;
        }

        Optional<SSLContext> tls() {
            return tls;
        }

        int maxConnections() {
            return maxConnections;
        }

        int maxMessageBytes() {
            return maxMessageBytes;
        }

        Duration heartbeat() {
            return heartbeat;
        }

        /** How many threads decode messages. */
        int workers() {
            return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            private final Map<String, String> named = new TreeMap<>();
            private Optional<Supplier<Map<String, String>>> lookup = Optional.empty();
            private boolean cleartextAllowed;
            private Optional<SSLContext> tls = Optional.empty();
            private int maxConnections = 64;
            private int maxMessageBytes = 1 << 20;
            private Duration heartbeat = Duration.ofSeconds(20);

            private Builder() {}

            /** Where to listen; default the loopback interface, on a port that the system chooses. */
            public Builder address(InetSocketAddress value) {
                this.address = Objects.requireNonNull(value, "address");
                return this;
            }

            /** Adds a sender: who shows this token is this origin. With a first one, all must show a token. */
            public Builder token(String origin, String token) {
                named.put(Objects.requireNonNull(origin, "origin"), Objects.requireNonNull(token, "token"));
                return this;
            }

            /** Looks tokens up by origin, anew for each connection; all must then show one. Beats {@link #token}. */
            public Builder tokens(Supplier<Map<String, String>> value) {
                this.lookup = Optional.of(value);
                return this;
            }

            private boolean tokensRequired() {
                return lookup.isPresent() || !named.isEmpty();
            }

            /** Has connections encrypted; default not. */
            public Builder tls(SSLContext value) {
                this.tls = Optional.of(value);
                return this;
            }

            /** Whether to do without TLS beyond this machine, as behind a proxy that brings it; default false. */
            public Builder allowCleartext(boolean value) {
                this.cleartextAllowed = value;
                return this;
            }

            /** How many connections there may be; default 64. */
            public Builder maxConnections(int value) {
                this.maxConnections = value;
                return this;
            }

            /**
             * The longest message, JSON around the payload included; default 1 MiB. Each connection may hold as much.
             */
            public Builder maxMessageBytes(int value) {
                this.maxMessageBytes = value;
                return this;
            }

            /** How often a ping is sent; a sender silent for 1.5 times this is given up. Default 20 s. */
            public Builder heartbeat(Duration value) {
                this.heartbeat = Objects.requireNonNull(value, "heartbeat");
                return this;
            }

            /**
             * The configuration.
             *
             * @throws IllegalArgumentException if settings are out of bounds or would let strangers in; names all that
             *     do
             */
            public Config build() {
                List<String> problems = new ArrayList<>();
                if (address.isUnresolved()) {
                    problems.add("address must be one of this machine, was: '" + address.getHostString() + "'");
                } else if (!address.getAddress().isLoopbackAddress()) {
                    checkStrangers(problems);
                }
                if (maxConnections < 1) {
                    problems.add("maxConnections must be at least 1, was: " + maxConnections);
                }
                if (maxMessageBytes < 1024) {
                    problems.add("maxMessageBytes must be at least 1024, was: " + maxMessageBytes);
                }
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(String.join("; ", problems));
                }
                return new Config(this);
            }

            private void checkStrangers(List<String> problems) {
                if (!tokensRequired()) {
                    problems.add(
                            "address " + address + " is beyond this machine, so senders must show tokens; add one");
                }
                if (tls.isEmpty() && !cleartextAllowed) {
                    problems.add("address " + address + " is beyond this machine, so tokens and operations would be"
                            + " readable on the way; set TLS, or allow cleartext behind a proxy that brings it");
                }
            }
        }
    }
}
