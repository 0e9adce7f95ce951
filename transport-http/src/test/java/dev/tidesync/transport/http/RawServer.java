package dev.tidesync.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server below HTTP: reads requests, and answers each with whatever bytes a test likes. */
final class RawServer implements AutoCloseable {
    /** What a connection does once a request has been read from it. */
    @FunctionalInterface
    interface Script {
        /** May write, close the socket, or wait; number counts the requests of all connections from 1. */
        void answer(Socket socket, int number) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final Script script;

    RawServer(Script script) throws IOException {
        this.script = script;
        startDaemon(this::accept);
    }

    /** A server that writes these characters and then leaves the connection open. */
    static RawServer writing(String text) throws IOException {
        return new RawServer((socket, number) -> write(socket, text));
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    /** How many whole requests have come in. */
    int requests() {
        return requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                startDaemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            sockets.forEach(RawServer::closeQuietly);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            while (readRequest(socket.getInputStream())) {
                script.answer(socket, requests.incrementAndGet());
            }
        } catch (IOException clientWent) {
            sockets.remove(socket);
        }
    }

    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int character = in.read();
            if (character < 0) {
                return false;
            }
            head.append((char) character);
        }
        for (String line : head.toString().split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                in.readNBytes(Integer.parseInt(line.substring(15).trim()));
            }
        }
        return true;
    }

    private static void startDaemon(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            throw new AssertionError(alreadyGone);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(RawServer::closeQuietly);
    }
}
