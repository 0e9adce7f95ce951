package dev.tidesync.examples;

import dev.tidesync.engine.inbox.FileInbox;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Receives, notes each operation it handles in a file, says its port, and waits to be killed. */
final class ReceivingProcess {
    private ReceivingProcess() {}

    public static void main(String[] args) throws Exception {
        FileInbox inbox = FileInbox.open(Path.of(args[0]));
        inbox.onReceive("ws.", received -> note(args[1], received.operation().idempotencyKey()));
        System.out.println(WsReceiver.listen(inbox, WsReceiver.Config.onPort(0)).port());
        Thread.currentThread().join();
    }

    private static void note(String file, String key) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file, true)) {
            out.write((key + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
