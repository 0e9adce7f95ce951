package dev.tidesync.transport.ws;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accepts connections, says one thing on each, if anything, and then is silent with the connection open. */
final class SilentServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final String greeting;

    SilentServer(String greeting) throws IOException {
        this.greeting = greeting;
        Loop.daemon(this::accept, "silent-server").start();
    }

    static SilentServer answering(int status) throws IOException {
        return new SilentServer("HTTP/1.1 " + status + " Reason\r\nContent-Length: 0\r\n\r\n");
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                accepted.add(socket);
                if (!greeting.isEmpty()) {
                    skipRequest(socket);
                    socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            // It ends with its listener.
        }
    }

    private static void skipRequest(Socket socket) throws IOException {
        int newLines = 0;
        while (newLines < 2) {
            int c = socket.getInputStream().read();
            newLines = c == '\n' ? newLines + 1 : c == '\r' ? newLines : 0;
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    String url() {
        return "ws://127.0.0.1:" + port() + "/";
    }

    int connections() {
        return accepted.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
