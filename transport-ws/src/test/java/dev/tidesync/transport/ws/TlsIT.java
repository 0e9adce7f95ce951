package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the transport trusts. */
class TlsIT {
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    @TempDir
    private Path directory;

    private final ReceiverServer server = new ReceiverServer();

    @AfterEach
    void close() {
        server.close();
    }

    /** A server whose certificate our own authority signed for this name. */
    private HeldCertificate serve(String name) {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .signedBy(AUTHORITY)
                .addSubjectAlternativeName(name)
                .build();
        HandshakeCertificates handshake = new HandshakeCertificates.Builder()
                .heldCertificate(certificate, AUTHORITY.certificate())
                .build();
        server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(handshake.sslContext()));
        server.begin();
        return certificate;
    }

    private SendResult sendWith(String... settings) {
        try (ISyncTransport transport = transport(settings)) {
            return send(transport, operation("wss://localhost:" + server.getPort() + "/", "hello"));
        }
    }

    private String trustStore() throws Exception {
        return Files.writeString(directory.resolve("ca.pem"), AUTHORITY.certificatePem())
                .toString();
    }

    private static String pin(HeldCertificate certificate) throws Exception {
        byte[] key = certificate.certificate().getPublicKey().getEncoded();
        return "sha256/"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    @Test
    void aServerOfAPrivateAuthorityIsTrustedWhenConfigured() throws Exception {
        serve("localhost");

        assertThat(sendWith("trust-store.path", trustStore()).ok()).isTrue();
    }

    @Test
    void anUnknownAuthorityBlocksTheDestination() {
        serve("localhost");

        SendResult result = sendWith();

        assertThat(result.code()).isEqualTo("tls.certificate");
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.retryAfter()).isPresent();
        assertThat(server.messages).isEmpty();
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        serve("example.com");

        assertThat(sendWith("trust-store.path", trustStore()).code()).isEqualTo("tls.certificate");
    }

    @Test
    void aPinnedKeyIsAccepted() throws Exception {
        HeldCertificate certificate = serve("localhost");

        assertThat(sendWith("trust-store.path", trustStore(), "pins.localhost", pin(certificate))
                        .ok())
                .isTrue();
    }

    @Test
    void aKeyThatIsNotPinnedIsRefusedAlthoughItsAuthorityIsTrusted() throws Exception {
        serve("localhost");

        SendResult result = sendWith("trust-store.path", trustStore(), "pins.localhost", pin(AUTHORITY));

        assertThat(result.code()).isEqualTo("tls.pin");
        assertThat(result.error()).contains("pins.localhost");
        assertThat(server.messages).isEmpty();
    }
}
