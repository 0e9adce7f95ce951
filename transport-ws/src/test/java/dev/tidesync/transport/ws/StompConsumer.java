package dev.tidesync.transport.ws;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes messages out of a broker's queue over STOMP, with the JDK's WebSocket client. */
final class StompConsumer implements AutoCloseable {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final WebSocket connection;

    StompConsumer(int port, String user, String password, String queue) {
        connection = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("v12.stomp")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), new Collector())
                .join();
        say("CONNECT\naccept-version:1.2\nhost:/\nlogin:" + user + "\npasscode:" + password + "\n\n\0");
        say("SUBSCRIBE\nid:0\ndestination:" + queue + "\nack:auto\n\n\0");
    }

    private void say(String frame) {
        connection.sendText(frame, true).join();
    }

    /** The bodies of all messages up to the one that is {@code last}, which the queue must hold. */
    List<String> takeUntil(String last) throws InterruptedException {
        List<String> bodies = new ArrayList<>();
        while (true) {
            String frame = frames.poll(30, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("after " + bodies.size() + " messages nothing came");
            }
            if (frame.startsWith("MESSAGE\n")) {
                String body = frame.substring(frame.indexOf("\n\n") + 2, frame.indexOf('\0'));
                if (body.equals(last)) {
                    return bodies;
                }
                bodies.add(body);
            } else if (frame.startsWith("ERROR\n")) {
                throw new AssertionError(frame);
            }
        }
    }

    @Override
    public void close() {
        connection.abort();
    }

    private final class Collector implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                frames.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
