package dev.tidesync.transport.ws;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/** Takes messages out of a broker's queue over STOMP. */
final class StompConsumer extends WebSocketClient implements AutoCloseable {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    StompConsumer(int port, String user, String password, String queue) throws InterruptedException {
        super(
                URI.create("ws://127.0.0.1:" + port + "/ws"),
                new Draft_6455(List.of(), List.of(new Protocol("v12.stomp"))));
        setDaemon(true);
        if (!connectBlocking(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no connection to the broker");
        }
        send("CONNECT\naccept-version:1.2\nhost:/\nlogin:" + user + "\npasscode:" + password + "\n\n\0");
        send("SUBSCRIBE\nid:0\ndestination:" + queue + "\nack:auto\n\n\0");
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
    public void onMessage(String frame) {
        frames.add(frame);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception failure) {
        frames.add("ERROR\n" + failure);
    }
}
