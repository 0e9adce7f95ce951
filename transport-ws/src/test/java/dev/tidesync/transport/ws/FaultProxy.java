package dev.tidesync.transport.ws;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Passes bytes between a client and a server, and cuts both off after a number of them. */
final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong repliesPassed = new AtomicLong();
    private final AtomicLong requestsPassed = new AtomicLong();
    private volatile long cutRepliesAfter = Long.MAX_VALUE;
    private volatile long cutRequestsAfter = Long.MAX_VALUE;

    FaultProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Loop.daemon(this::accept, "fault-proxy").start();
    }

    String url() {
        return "ws://127.0.0.1:" + port() + "/inbox";
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Counting from now, cuts once so many bytes of the server's have passed; later connections are left alone. */
    void cutRepliesAfter(long bytes) {
        repliesPassed.set(0);
        cutRepliesAfter = bytes;
    }

    /** Counting from now, cuts once so many bytes of the client's have passed; later connections are left alone. */
    void cutRequestsAfter(long bytes) {
        requestsPassed.set(0);
        cutRequestsAfter = bytes;
    }

    long repliesPassed() {
        return repliesPassed.get();
    }

    long requestsPassed() {
        return requestsPassed.get();
    }

    void cutNow() {
        sockets.forEach(FaultProxy::close);
        sockets.clear();
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
                Loop.daemon(() -> passRequests(client, server), "fault-proxy-up")
                        .start();
                Loop.daemon(() -> passReplies(server, client), "fault-proxy-down")
                        .start();
            }
        } catch (IOException closed) {
            cutNow();
        }
    }

    private void passRequests(Socket from, Socket to) {
        try {
            byte[] one = new byte[1];
            while (requestsPassed.get() < cutRequestsAfter && pass(one, from, to)) {
                requestsPassed.incrementAndGet();
            }
            cutRequestsAfter = Long.MAX_VALUE;
        } finally {
            close(from);
            close(to);
        }
    }

    private void passReplies(Socket from, Socket to) {
        try {
            byte[] one = new byte[1];
            while (repliesPassed.get() < cutRepliesAfter && pass(one, from, to)) {
                repliesPassed.incrementAndGet();
            }
            cutRepliesAfter = Long.MAX_VALUE;
        } finally {
            close(from);
            close(to);
        }
    }

    private static boolean pass(byte[] one, Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (in.read(one) < 0) {
                return false;
            }
            out.write(one);
            return true;
        } catch (IOException cut) {
            return false;
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
