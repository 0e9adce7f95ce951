package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
    /** The first byte that a TLS client sends (RFC 8446 §5.1). */
    private static final int TLS_HANDSHAKE_RECORD = 22;

    private final TlsFixture tls = TlsFixture.trusted();
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
        http.answer(200);
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void aPrivateAuthorityIsTrustedFromAPemFile() throws Exception {
        tls.serve(http);

        assertThat(http.send("http.post", "{}")).isEqualTo(SendResult.delivered());
    }

    @Test
    void aPrivateAuthorityIsTrustedFromAKeyStore(@TempDir Path directory) throws Exception {
        tls.serveUntrusted(http);
        http.environment.put("STORE_PASSWORD", "changeit");
        http.with("trust-store.path", keyStore(directory).toString(), "trust-store.password", "${env:STORE_PASSWORD}");

        assertThat(http.send("http.post", "{}")).isEqualTo(SendResult.delivered());
    }

    @Test
    void anUnknownAuthorityBlocksTheDestination() throws Exception {
        tls.serveUntrusted(http);

        expectBlocked("tls.untrusted");
    }

    @Test
    void aCertificateOfAnotherHostBlocksTheDestination() throws Exception {
        TlsFixture.forHost("elsewhere.example").serve(http);

        expectBlocked("tls.host");
    }

    @Test
    void aKeyThatIsNotPinnedBlocksTheDestination() throws Exception {
        tls.serve(http);
        http.with("pins.127.0.0.1", TlsFixture.trusted().pin());

        expectBlocked("tls.pin");
    }

    @Test
    void oneOfSeveralPinnedKeysIsEnough() throws Exception {
        tls.serve(http);
        http.with("pins.127.0.0.1", TlsFixture.trusted().pin() + ", " + tls.pin());

        assertThat(http.send("http.post", "{}")).isEqualTo(SendResult.delivered());
    }

    @Test
    void aServerWithoutTlsIsADestinationThatCannotBeReached() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInPlainText(plain), "plain-server");
            answering.start();
            http.with("base-url", "https://127.0.0.1:" + plain.getLocalPort() + "/");

            SendResult result = http.send("http.post", "{}");
            answering.join();

            assertThat(result.code()).isEqualTo("tls.handshake");
            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.ambiguous()).isFalse();
        }
    }

    private static void answerInPlainText(ServerSocket plain) {
        try (Socket connection = plain.accept()) {
            assertThat(connection.getInputStream().read()).isEqualTo(TLS_HANDSHAKE_RECORD);
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.shutdownOutput();
            assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void expectBlocked(String code) {
        SendResult result = http.send("http.post", "{}");

        assertThat(result.retryable()).isTrue();
        assertThat(result.code()).as(result.toString()).isEqualTo(code);
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.ambiguous()).isFalse();
        assertThat(result.retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(http.server.getRequestCount()).isZero();
    }

    private Path keyStore(Path directory) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", tls.authority().certificate());
        Path file = directory.resolve("trust.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }
}
