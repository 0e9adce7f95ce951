package dev.tidesync.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.ByteString;

/** A server below HTTP: reads requests, and answers each with whatever bytes a test likes. */
final class RawServer implements AutoCloseable {
    /** What a connection does once a request has been read from it. */
    @FunctionalInterface
    interface Script {
        /** May write, close the socket, or do nothing, which leaves the client waiting. */
        void answer(Socket socket, RawRequest request) throws IOException;
    }

    /** A request as it came; number counts those of all connections from 1. */
    record RawRequest(int number, String head, ByteString body) {
        String path() {
            return head.split(" ", 3)[1];
        }

        /** The value of a header that must be there. */
        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no header " + name + " in " + head));
        }
    }

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\\r\\nContent-Length: (\\d+)");

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
        return new RawServer((socket, request) -> write(socket, text));
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
            Optional<RawRequest> request = read(socket.getInputStream());
            while (request.isPresent()) {
                script.answer(socket, request.get());
                request = read(socket.getInputStream());
            }
        } catch (IOException clientWent) {
            sockets.remove(socket);
        }
    }

    /** The next request; empty if the client has gone. */
    private Optional<RawRequest> read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int character = in.read();
            if (character < 0) {
                return Optional.empty();
            }
            head.append((char) character);
        }
        ByteString body = ByteString.of(in.readNBytes(contentLength(head.toString())));
        return Optional.of(new RawRequest(requests.incrementAndGet(), head.toString(), body));
    }

    private static int contentLength(String head) {
        Matcher length = CONTENT_LENGTH.matcher(head);
        return length.find() ? Integer.parseInt(length.group(1)) : 0;
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
