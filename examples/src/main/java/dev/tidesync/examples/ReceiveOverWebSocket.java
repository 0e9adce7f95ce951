package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Both ends over WebSocket: one engine receives what another one sends, and each operation is handled once. */
public final class ReceiveOverWebSocket {
    private ReceiveOverWebSocket() {}

    /** Runs the example in the directory that is its only argument. */
    public static void main(String[] args) throws Exception {
        System.out.println(run(Path.of(args[0])));
    }

    static String run(Path directory) throws Exception {
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        // begin docs
        try (SyncEngine there = SyncEngine.open(directory.resolve("there"));
                WsReceiver receiver = WsReceiver.listen(there.inbox(), WsReceiver.Config.onPort(0))) {
            there.inbox()
                    .onReceive(
                            "ws.", received -> arrived.add(received.operation().payloadText()));
            sendTo(receiver.port(), directory.resolve("here"));
            return arrived.take();
        }
        // end docs
    }

    private static void sendTo(int port, Path directory) {
        try (SyncEngine here = SyncEngine.open(directory)) {
            here.enqueue(Operation.of("ws.send", "ws://127.0.0.1:" + port + "/", "{\"text\":\"hello there\"}"));
            here.tick();
        }
    }
}
