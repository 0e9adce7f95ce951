import dev.tidesync.engine.SyncEngine;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** Receives over WebSocket, and prints the key of each operation it handles. Arguments: a directory and an address. */
public final class Receive {
    public static void main(String[] args) throws Exception {
        WsReceiver.Config config = WsReceiver.Config.builder()
                .address(new InetSocketAddress(args[1], 8090))
                .token("anna", "secret")
                .allowCleartext(true)
                .heartbeat(Duration.ofSeconds(1))
                .build();
        try (SyncEngine engine = SyncEngine.open(Path.of(args[0]));
                WsReceiver receiver = WsReceiver.listen(engine.inbox(), config)) {
            engine.inbox()
                    .onReceive(
                            "ws.",
                            received -> System.out.println("\"idempotency_key\":\""
                                    + received.operation().idempotencyKey() + "\""));
            Thread.currentThread().join();
        }
    }
}
