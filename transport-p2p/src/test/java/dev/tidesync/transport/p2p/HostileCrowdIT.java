package dev.tidesync.transport.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with a heap of 64 MiB and a crowd at its door. */
@Timeout(120)
class HostileCrowdIT {
    private static final int CROWD = 10_000;
    /** So many stay open at a time, as far as the node lets them; file handles of this process are bounded too. */
    private static final int HELD = 500;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void tenThousandHalfOpenHandshakesLeaveTheNodeServingItsPeers() throws Exception {
        Process crowded = startNode();
        try (TestNode anna = new TestNode(directory.resolve("anna"))) {
            Path listening = directory.resolve("crowded/listening");
            await().until(() -> Files.exists(listening));
            TestNodeFiles other = new TestNodeFiles(directory.resolve("crowded"));
            anna.book().allow("crowded", other.id(), List.of(other.address()));
            other.book().allow("anna", anna.id(), List.of());

            crowd(other.address().port(), () -> anna.deliver(TestNode.message("crowded", "still there?")));

            assertThat(crowded.isAlive()).isTrue();
        } finally {
            crowded.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Each begins a TLS record of 16 KiB, and never ends it. */
    private static void crowd(int port, Runnable meanwhile) throws IOException {
        byte[] begun = new byte[1_000];
        begun[0] = 22;
        begun[1] = 3;
        begun[2] = 1;
        begun[3] = 0x3f;
        Deque<Socket> held = new ArrayDeque<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                held.add(socket);
                write(socket, begun);
                if (held.size() > HELD) {
                    held.remove().close();
                }
            }
            meanwhile.run();
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException droppedAlready) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private Process startNode() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        directory.resolve("crowded").toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "crowded.out"))
                .start();
    }
}
