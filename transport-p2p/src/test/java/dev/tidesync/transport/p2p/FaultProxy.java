package dev.tidesync.transport.p2p;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes bytes between a node and another, and does something at one place of one direction: once so many bytes have
 * passed there, the fault happens, and later connections are left alone.
 */
final class FaultProxy implements AutoCloseable {
    /** What can happen to a connection. */
    enum Fault {
        /** Both sides see the connection end. */
        CUT,
        /** One bit is another when it arrives. */
        FLIP,
        /** That byte and all after it vanish, and nobody is told. */
        SWALLOW
    }

    /** Which way the bytes go. */
    enum Way {
        UP,
        DOWN
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile Plan plan = new Plan(Fault.CUT, Way.UP, Long.MAX_VALUE);

    private record Plan(Fault fault, Way way, long afterBytes) {}

    FaultProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept, "fault-proxy");
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Counting from now. */
    void plan(Fault fault, Way way, long afterBytes) {
        plan = new Plan(fault, way, afterBytes);
        up.set(0);
        down.set(0);
    }

    long passed(Way way) {
        return count(way).get();
    }

    private AtomicLong count(Way way) {
        return way == Way.UP ? up : down;
    }

    void cutNow() {
        sockets.forEach(FaultProxy::close);
        sockets.clear();
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                start(() -> pass(Way.UP, client, server), "fault-proxy-up");
                start(() -> pass(Way.DOWN, server, client), "fault-proxy-down");
            }
        } catch (IOException closed) {
            cutNow();
        }
    }

    private void pass(Way way, Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                Plan now = plan;
                if (way != now.way || count(way).getAndIncrement() != now.afterBytes) {
                    out.write(octet);
                } else if (now.fault == Fault.FLIP) {
                    out.write(octet ^ 1);
                } else if (now.fault == Fault.CUT) {
                    return;
                } else {
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
            }
        } catch (IOException cut) {
            sockets.remove(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutNow();
    }
}
