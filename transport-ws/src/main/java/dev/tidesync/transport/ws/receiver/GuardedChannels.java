package dev.tidesync.transport.ws.receiver;

import dev.tidesync.transport.ws.wire.RareEvents;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.WebSocketServerFactory;
import org.java_websocket.drafts.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in: so many at a time, those without a handshake among them, and none for long without one.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class GuardedChannels implements WebSocketServerFactory {
    private static final Logger log = LoggerFactory.getLogger(GuardedChannels.class);
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);

    private final WebSocketServerFactory inner;
    private final int maxConnections;
    private final RareEvents turnedAway = new RareEvents();

    private final Set<GuardedChannel> channels = ConcurrentHashMap.newKeySet();

    /** Channels over those that {@code inner} makes, plain or TLS. */
    GuardedChannels(WebSocketServerFactory inner, int maxConnections) {
        this.inner = inner;
        this.maxConnections = maxConnections;
    }

    @Override
    public WebSocketImpl createWebSocket(WebSocketAdapter server, Draft draft) {
        return new WebSocketImpl(server, draft);
    }

    @Override
    public WebSocketImpl createWebSocket(WebSocketAdapter server, List<Draft> drafts) {
        return new WebSocketImpl(server, drafts);
    }

    /** The library closes the connection if this throws. */
    @Override
    public ByteChannel wrapChannel(SocketChannel channel, SelectionKey key) throws IOException {
        closeOverdue();
        if (channels.size() >= maxConnections) {
            turnedAway.count(count ->
                    log.warn("{} connections turned away: there are as many as may be, {}", count, maxConnections));
            throw new IOException("as many connections as may be");
        }
        GuardedChannel[] self = new GuardedChannel[1];
        GuardedChannel guarded =
                new GuardedChannel(inner.wrapChannel(channel, key), System.nanoTime(), () -> channels.remove(self[0]));
        self[0] = guarded;
        channels.add(guarded);
        return guarded;
    }

    /** Closes what has been without a handshake for too long. */
    void closeOverdue() {
        long since = System.nanoTime() - LONGEST_HANDSHAKE.toNanos();
        channels.stream().filter(channel -> channel.isOverdue(since)).forEach(GuardedChannels::close);
    }

    private static void close(GuardedChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyUnusable) {
            log.debug("a connection without a handshake did not close cleanly", alreadyUnusable);
        }
    }

    @Override
    public void close() {
        channels.forEach(GuardedChannels::close);
        inner.close();
    }
}
