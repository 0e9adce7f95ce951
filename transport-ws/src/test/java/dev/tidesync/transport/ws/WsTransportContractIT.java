package dev.tidesync.transport.ws;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.tck.Received;
import dev.tidesync.tck.TransportContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The rules that hold for every transport. */
class WsTransportContractIT extends TransportContract {
    private final ReceiverServer server = ReceiverServer.started();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Override
    protected SyncTransportProvider provider() {
        return new WsTransportProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("reconnect.min", "1ms", "reconnect.max", "2ms");
    }

    @Override
    protected Operation deliverable() {
        return WsFixture.operation(server.url(), "hello");
    }

    @Override
    protected List<Received> received() {
        return server.effects.stream()
                .map(operation -> Received.of(
                        operation.has("payload")
                                ? operation.path("payload").asText().getBytes(StandardCharsets.UTF_8)
                                : Base64.getDecoder()
                                        .decode(operation.path("payload_base64").asText()),
                        operation.path("idempotency_key").asText()))
                .toList();
    }

    @Override
    protected Optional<Operation> unreachable() {
        try (SilentServer gone = new SilentServer("")) {
            return Optional.of(WsFixture.operation(gone.url(), "hello"));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    protected Optional<Operation> malformed() {
        return Optional.of(WsFixture.operation("no-such-name", "hello"));
    }

    @Override
    protected Optional<Operation> refused() {
        return Optional.of(WsFixture.operation(server.url(), "error:BadRequest"));
    }

    @Override
    protected Optional<Operation> unanswered() {
        return Optional.of(WsFixture.operation(server.url(), "silence"));
    }
}
