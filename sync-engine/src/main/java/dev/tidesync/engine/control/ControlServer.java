package dev.tidesync.engine.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other processes of the same user reach the outbox that this process owns, through a Unix-domain socket.
 *
 * <p><b>Threads:</b> one accepts connections, and each connection has one of its own; all are daemons. The access that
 * is served must be safe for use by many threads. {@link #close} may be called from any thread.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** More commands than this at once are no person's doing; they wait in the socket's backlog. */
    private static final int MAX_SESSIONS = 64;

    /** Without a rest, a process that is out of file descriptors would try again in a busy loop. */
    private static final long TROUBLE_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LAST_ANSWERS_MS = 2_000;

    private final OutboxAccess outbox;
    private final Path dataDirectory;
    private final String holder;
    private final ControlPoint controlPoint;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> sessions = ConcurrentHashMap.newKeySet();
    private final Semaphore sessionSlots = new Semaphore(MAX_SESSIONS);
    private volatile boolean closed;

    private ControlServer(
            OutboxAccess outbox,
            Path dataDirectory,
            String holder,
            ControlPoint controlPoint,
            ServerSocketChannel listener) {
        this.outbox = outbox;
        this.dataDirectory = dataDirectory;
        this.holder = holder;
        this.controlPoint = controlPoint;
        this.listener = listener;
    }

    /**
     * Starts to listen, and says so in the data directory. The caller owns the outbox in it, so that whatever an
     * earlier owner left there is stale and is removed.
     *
     * @param outbox what is served; it stays the caller's to close, after this server
     * @param holder the process as people know it, such as {@code tidesync run}
     */
    public static ControlServer open(OutboxAccess outbox, Path dataDirectory, String holder) throws IOException {
        removeStale(dataDirectory);
        ControlPoint controlPoint = ControlPoint.create();
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ControlServer server = new ControlServer(outbox, dataDirectory, holder, controlPoint, listener);
        try {
            listener.bind(UnixDomainSocketAddress.of(controlPoint.socket()));
            controlPoint.publish(dataDirectory);
        } catch (IOException | RuntimeException failure) {
            server.close();
            throw failure;
        }
        startDaemon("tidesync-control", server::acceptAll);
        return server;
    }

    private static void removeStale(Path dataDirectory) throws IOException {
        Optional<ControlPoint> earlier = ControlPoint.read(dataDirectory);
        if (earlier.isPresent()) {
            earlier.get().withdraw(dataDirectory);
        }
    }

    private static void startDaemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                sessionSlots.acquire();
                SocketChannel connection = listener.accept();
                sessions.add(connection);
                startDaemon("tidesync-control-session", () -> serve(connection));
            } catch (ClosedChannelException ended) {
                return;
            } catch (IOException failure) {
                sessionSlots.release();
                LOG.warn("the control socket could not accept a connection: {}", failure.toString());
                LockSupport.parkNanos(TROUBLE_REST_NANOS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            if (!closed) {
                new ControlSession(connection, outbox, holder).run();
            }
        } catch (IOException disconnected) {
            LOG.debug("a control connection ended: {}", disconnected.toString());
        } finally {
            sessions.remove(connection);
            sessionSlots.release();
        }
    }

    /**
     * Takes the sign down and takes no more requests; one that is being answered gets its answer, unless that takes
     * long. Then every connection ends. Closing twice does nothing.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeQuietly(() -> controlPoint.withdraw(dataDirectory));
        closeQuietly(listener);
        sessions.forEach(session -> closeQuietly(session::shutdownInput));
        awaitAnswers();
        sessions.forEach(ControlServer::closeQuietly);
    }

    private void awaitAnswers() {
        try {
            int allButTheAcceptors = MAX_SESSIONS - 1;
            if (!sessionSlots.tryAcquire(allButTheAcceptors, LAST_ANSWERS_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a command on the control socket is cut off: it took too long to answer");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.warn("the control socket could not be closed cleanly: {}", failure.toString());
        }
    }
}
