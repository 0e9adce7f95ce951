package dev.tidesync.transport.http;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.tck.Received;
import dev.tidesync.tck.TransportContract;
import dev.tidesync.transport.http.RawServer.RawRequest;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The HTTP transport against the contract of all transports. */
class HttpTransportContractIT extends TransportContract {
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final RawServer server;

    HttpTransportContractIT() throws IOException {
        server = new RawServer(this::answer);
    }

    private void answer(Socket socket, RawRequest request) throws IOException {
        switch (request.path()) {
            case "/inbox" -> {
                String quotedKey = request.header("Idempotency-Key");
                received.add(Received.of(request.body().toByteArray(), quotedKey.substring(1, quotedKey.length() - 1)));
                RawServer.write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
            }
            case "/refused" -> RawServer.write(socket, "HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n");
            case "/silent" -> {}
            default -> throw new AssertionError(request.head());
        }
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Override
    protected SyncTransportProvider provider() {
        return new HttpTransportProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("base-url", server.url());
    }

    @Override
    protected Operation deliverable() {
        return Operation.of("http.post", "/inbox", "");
    }

    @Override
    protected Optional<Operation> unreachable() {
        return Optional.of(Operation.of("http.post", "https://no-such-host.invalid/", ""));
    }

    @Override
    protected Optional<Operation> malformed() {
        return Optional.of(Operation.of("http.post", "ftp://127.0.0.1/", ""));
    }

    @Override
    protected Optional<Operation> refused() {
        return Optional.of(Operation.of("http.post", "/refused", ""));
    }

    @Override
    protected Optional<Operation> unanswered() {
        return Optional.of(Operation.of("http.post", "/silent", ""));
    }

    @Override
    protected List<Received> received() {
        return List.copyOf(received);
    }
}
