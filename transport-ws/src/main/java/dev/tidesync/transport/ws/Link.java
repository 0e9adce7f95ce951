package dev.tidesync.transport.ws;

import dev.tidesync.transport.ws.dialect.WsEvent;
import dev.tidesync.transport.ws.dialect.WsFrame;
import dev.tidesync.transport.ws.dialect.WsLogin;
import dev.tidesync.transport.ws.wire.QuietDraft;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.DataFrame;
import org.java_websocket.framing.TextFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection, used once. It dials and reads on a thread of its own and owns its socket, since the
 * library's blocking calls hang with a silent peer and its reader can die without a word.
 *
 * <p><b>Threads:</b> methods may be called from any thread and never block. The listener is called from threads of the
 * link; {@link Listener#ended} exactly once, and nothing after it.
 */
final class Link {
    /** Hears what happens to a link. Must not block, but for {@link #received}, which may slow the reader down. */
    interface Listener {
        void opened(Link link);

        void received(Link link, WsEvent event);

        void ended(Link link, LinkEnd end);
    }

    private static final Logger log = LoggerFactory.getLogger(Link.class);

    private final Target target;
    private final WsConfig config;
    private final Listener listener;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean opened;
    private volatile @Nullable Client client;
    /** The TCP socket, even beneath TLS: closing this one never blocks. */
    private volatile @Nullable Socket socket;

    private volatile Secrets secrets = Secrets.NONE;
    private volatile Optional<WsLogin> login = Optional.empty();

    Link(Target target, WsConfig config, Listener listener) {
        this.target = target;
        this.config = config;
        this.listener = listener;
    }

    void start(String threadName) {
        Loop.daemon(this::run, threadName).start();
    }

    private void run() {
        try {
            Credentials.Opening opening = config.credentials().forConnectionTo(target);
            secrets = opening.secrets();
            login = opening.login();
            Socket connected = new Dialer(config.trust(), config.times().connect()).dial(target, this::adopt);
            converse(opening, connected);
            end(LinkEnd.closed(opened, LinkEnd.LOST, "the connection was lost", false));
        } catch (IOException | RuntimeException failure) {
            end(LinkEnd.failed(opened, failure));
        } catch (Error fatal) {
            end(LinkEnd.failed(opened, fatal));
            throw fatal;
        } finally {
            dispose();
        }
    }

    private void adopt(Socket tcp) {
        socket = tcp;
        if (over.get()) {
            dispose();
        }
    }

    /** A socket factory, which the library prefers, could not hand over a socket that is connected already. */
    @SuppressWarnings("deprecation")
    private void converse(Credentials.Opening opening, Socket connected) {
        Client conversation = new Client(opening);
        conversation.setSocket(connected);
        client = conversation;
        conversation.run();
    }

    /** What the configuration gives for logging in; known once the link is open. */
    Optional<WsLogin> login() {
        return login;
    }

    /** Masks the credentials that this link showed in what the other side says. */
    String mask(String text) {
        return secrets.mask(text);
    }

    /** Hands a message to the socket's writer. If the link has just ended, its end answers for the message. */
    void send(WsFrame frame) {
        DataFrame message = frame.isText() ? new TextFrame() : new BinaryFrame();
        message.setPayload(ByteBuffer.wrap(frame.bytes()));
        message.setTransferemasked(true);
        Client conversation = client;
        if (conversation == null) {
            throw new IllegalStateException("a link sends only after it has opened");
        }
        try {
            conversation.sendFrame(message);
        } catch (WebsocketNotConnectedException endedMeanwhile) {
            log.debug("{} ended before a message could be sent", target.shown());
        }
    }

    /** Ends the link for the given reason at once, whatever it is doing. */
    void cut(LinkEnd reason) {
        end(reason);
        dispose();
    }

    /** Says goodbye; the caller disposes of the link a little later. */
    void sayGoodbye() {
        over.set(true);
        Client conversation = client;
        if (opened && conversation != null) {
            conversation.close(LinkEnd.NORMAL);
        } else {
            dispose();
        }
    }

    /** Frees the socket; idempotent. */
    void dispose() {
        Socket tcp = socket;
        if (tcp != null) {
            try {
                tcp.close();
            } catch (IOException alreadyUnusable) {
                log.debug("closing the socket to {} failed: {}", target.shown(), alreadyUnusable.toString());
            }
        }
    }

    private void end(LinkEnd end) {
        if (over.compareAndSet(false, true)) {
            listener.ended(this, end);
        }
    }

    private void open(@Nullable IProtocol agreed) {
        String expected = config.dialect().subProtocol();
        if (agreed == null || !expected.equals(agreed.getProvidedProtocol())) {
            cut(LinkEnd.closed(false, LinkEnd.PROTOCOL_ERROR, "the server chose another sub-protocol", false));
            return;
        }
        opened = true;
        if (!over.get()) {
            listener.opened(this);
        }
    }

    private void hear(byte[] message) {
        WsEvent event = config.dialect().decode(message);
        if (event instanceof WsEvent.Ignored ignored) {
            log.debug("{} sent a message that is ignored: {}", target.shown(), ignored.why());
        } else if (!over.get()) {
            listener.received(this, event);
        }
    }

    /** The library's side of the link. */
    private final class Client extends WebSocketClient {
        Client(Credentials.Opening opening) {
            super(target.uri(), draft(config, opening.subProtocols()), Map.copyOf(opening.headers()), 0);
            setDaemon(true);
            setTcpNoDelay(true);
            setConnectionLostTimeout(
                    (int) Math.max(1, config.times().heartbeat().toSeconds()));
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            open(getProtocol());
        }

        @Override
        public void onMessage(String message) {
            hear(message.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void onMessage(ByteBuffer message) {
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            hear(bytes);
        }

        /** The closing handshake has begun: waiting for the socket's end could take for ever. */
        @Override
        public void onClosing(int code, String reason, boolean remote) {
            end(LinkEnd.closed(opened, code, reason, remote));
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            end(LinkEnd.closed(opened, code, reason == null ? "" : reason, remote));
        }

        /** The library closes the connection after each error; the end then says what there is to say. */
        @Override
        public void onError(Exception error) {
            log.debug("the connection to {} reports an error", target.shown(), error);
        }
    }

    /** The protocol as a link speaks it. */
    static QuietDraft draft(WsConfig config, List<String> tokenProtocols) {
        List<IProtocol> offered = new ArrayList<>();
        offered.add(new Protocol(config.dialect().subProtocol()));
        tokenProtocols.forEach(token -> offered.add(new Protocol(token)));
        return new QuietDraft(offered, config.sizes().incomingBytes());
    }
}
