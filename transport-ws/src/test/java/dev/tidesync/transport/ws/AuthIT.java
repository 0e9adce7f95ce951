package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection shows about who is calling, and to whom. */
class AuthIT {
    private static final String SECRET = "canary-token";

    private final ReceiverServer server = ReceiverServer.started();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        server.close();
    }

    private String header(int connection, String name) {
        return server.handshakes.get(connection).getFieldValue(name);
    }

    @Test
    void aBearerTokenGoesToConfiguredDestinations() {
        try (ISyncTransport transport =
                transport("destinations.here", server.url(), "auth.type", "bearer", "auth.token", SECRET)) {
            send(transport, operation("here", "hello"));

            assertThat(header(0, "Authorization")).isEqualTo("Bearer " + SECRET);
            assertThat(header(0, "User-Agent")).startsWith("Tidesync/");
        }
    }

    @Test
    void aTokenCanGoInAHeaderOfAnotherName() {
        try (ISyncTransport transport = transport(
                "auth.hosts", "127.0.0.1", "auth.type", "header", "auth.header", "X-Key", "auth.token", SECRET)) {
            send(transport, operation(server.url(), "hello"));

            assertThat(header(0, "X-Key")).isEqualTo(SECRET);
        }
    }

    @Test
    void aTokenCanGoAsASubProtocolThatIsNotTheOneAgreedOn() {
        try (ISyncTransport transport =
                transport("auth.hosts", "127.0.0.1", "auth.type", "protocol", "auth.token", SECRET)) {
            SendResult result = send(transport, operation(server.url(), "hello"));

            String encoded =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
            assertThat(result.ok()).isTrue();
            assertThat(header(0, "Sec-WebSocket-Protocol")).contains("base64url.bearer." + encoded);
        }
    }

    @Test
    void hostsThatAreNotNamedGetNoCredentials() {
        try (ISyncTransport transport =
                transport("auth.hosts", "api.example.com", "auth.type", "bearer", "auth.token", SECRET)) {
            send(transport, operation(server.url(), "hello"));

            assertThat(header(0, "Authorization")).isEmpty();
        }
    }

    @Test
    void aRotatedTokenIsReadForTheNextConnection() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first-token");
        try (ISyncTransport transport =
                transport("auth.hosts", "127.0.0.1", "auth.type", "bearer", "auth.token", "${file:" + file + "}")) {
            send(transport, operation(server.url(), "close:4401"));
            Files.writeString(file, "second-token");
            Awaitility.await()
                    .until(() ->
                            send(transport, operation(server.url(), "hello")).ok());

            assertThat(header(0, "Authorization")).isEqualTo("Bearer first-token");
            assertThat(header(1, "Authorization")).isEqualTo("Bearer second-token");
        }
    }

    @Test
    void aMissingSecretWaitsForAPersonAndIsNamed() {
        try (ISyncTransport transport =
                transport("auth.hosts", "127.0.0.1", "auth.type", "bearer", "auth.token", "${file:/no/such/file}")) {
            SendResult result = send(transport, operation(server.url(), "hello"));

            assertThat(result.code()).isEqualTo("ws.credentials");
            assertThat(result.error()).contains("/no/such/file");
            assertThat(server.handshakes).isEmpty();
        }
    }

    @Test
    void aSecretThatTheServerRepeatsIsMasked() {
        try (ISyncTransport transport =
                transport("auth.hosts", "127.0.0.1", "auth.type", "bearer", "auth.token", "as told")) {
            SendResult result = send(transport, operation(server.url(), "error:Forbidden"));

            assertThat(result.error()).isEqualTo("the server refused it with Forbidden: ••••");
        }
    }
}
