package dev.tidesync.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReceiveOverWebSocketTest {
    @TempDir
    Path directory;

    @Test
    void whatOneEngineSendsAnotherHandles() throws Exception {
        assertThat(ReceiveOverWebSocket.run(directory)).isEqualTo("{\"text\":\"hello there\"}");
    }

    @Test
    void listingThePluginsTakesNoPort() throws Exception {
        int port = freePort();
        SyncConfiguration listening = SyncConfiguration.of(Map.of("ws.listen", "127.0.0.1:" + port));

        try (TransportRegistry listed = listening.transports().build();
                ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(listed.prefixes()).contains("ws.");
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void anEngineThatNeverReceivesHasNoInboxFiles() throws Exception {
        try (SyncEngine sync = SyncEngine.open(directory)) {
            sync.tick();
        }

        assertThat(names()).noneMatch(name -> name.startsWith("inbox"));
    }

    @Test
    void whatNobodyHandledWaitsForTheNextStart() throws Exception {
        int port = freePort();
        SyncConfiguration listening = SyncConfiguration.of(Map.of("ws.listen", "127.0.0.1:" + port));
        try (SyncEngine sync = SyncEngine.open(directory, listening)) {
            String id = sync.enqueue(Operation.of("ws.send", "ws://127.0.0.1:" + port + "/", "to myself"));
            sync.tick();
            assertThat(sync.outbox().store().get(id).orElseThrow().isDone()).isTrue();
        }
        assertThat(names()).contains("inbox-000001.log");

        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        try (SyncEngine sync = SyncEngine.open(directory, listening)) {
            sync.inbox()
                    .onReceive("", received -> arrived.add(received.operation().payloadText()));
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo("to myself");
        }
    }

    @Test
    void aPortInUseKeepsTheEngineFromOpeningAndSaysSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            SyncConfiguration listening =
                    SyncConfiguration.of(Map.of("ws.listen", "127.0.0.1:" + taken.getLocalPort()));

            assertThatThrownBy(() -> SyncEngine.open(directory, listening))
                    .hasMessageContaining("transports.ws.listen")
                    .hasMessageContaining("in use");
        }
        SyncEngine.open(directory).close(); // nothing stayed open
    }

    private static int freePort() throws Exception {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
