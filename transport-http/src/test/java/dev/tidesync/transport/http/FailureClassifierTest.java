package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
    private static final PreparedRequest REQUEST = new PreparedRequest(
            new Request.Builder()
                    .url("https://user:pw@api.example.com/x?token=hidden")
                    .build(),
            Optional.of(new Credentials.Header("Authorization", "Bearer s3cret-token", List.of("s3cret-token"))),
            true,
            false,
            0,
            false);

    private final FailureClassifier classifier = new FailureClassifier(Duration.ofMinutes(1));

    static Stream<Arguments> failuresBeforeTheRequest() {
        return Stream.of(
                arguments(new UnknownHostException("api.example.com"), "io.dns"),
                arguments(new ConnectException("refused"), "io.connect"),
                arguments(new NoRouteToHostException("no route"), "io.connect"),
                arguments(new SocketTimeoutException("connect timed out"), "io.connect"),
                arguments(new InterruptedIOException("timeout"), "io.connect"),
                arguments(new SSLException("not TLS"), "tls.handshake"),
                arguments(new SSLHandshakeException("closed"), "tls.handshake"));
    }

    @ParameterizedTest
    @MethodSource("failuresBeforeTheRequest")
    void whatFailsBeforeTheRequestIsTheDestinationsAndClear(IOException failure, String code) {
        SendResult result = classifier.classify(failure, REQUEST, false);

        expect(result, code, Scope.TARGET, false);
    }

    static Stream<Arguments> failuresAfterTheRequestBegan() {
        return Stream.of(
                arguments(new SocketTimeoutException("Read timed out"), "io.timeout"),
                arguments(new InterruptedIOException("timeout"), "io.timeout"),
                arguments(new IOException("unexpected end of stream"), "io.reset"),
                arguments(new SocketException("Connection reset"), "io.reset"),
                arguments(new SSLException("Connection reset"), "io.reset"),
                arguments(new ProtocolException("Unexpected status line"), "io.protocol"));
    }

    @ParameterizedTest
    @MethodSource("failuresAfterTheRequestBegan")
    void whatFailsAfterwardsIsChargedAndAmbiguous(IOException failure, String code) {
        SendResult result = classifier.classify(failure, REQUEST, true);

        expect(result, code, Scope.OPERATION, true);
    }

    @Test
    void aCertificateProblemWaitsForAPerson() {
        IOException untrusted = new SSLHandshakeException("PKIX path building failed");
        untrusted.initCause(new CertificateException());

        SendResult result = classifier.classify(untrusted, REQUEST, false);

        expect(result, "tls.untrusted", Scope.TARGET, false);
        assertThat(result.retryAfter()).contains(Duration.ofMinutes(1));
    }

    @Test
    void aWrongPinAndAWrongHostAreToldApart() {
        IOException pin = new SSLPeerUnverifiedException("Certificate pinning failure!\n  Peer certificate chain: …");
        IOException host = new SSLPeerUnverifiedException("Hostname api.example.com not verified");

        expect(classifier.classify(pin, REQUEST, false), "tls.pin", Scope.TARGET, false);
        expect(classifier.classify(host, REQUEST, false), "tls.host", Scope.TARGET, false);
    }

    @Test
    void aHandshakeRefusedAfterTheRequestWentOutWasNotRead() {
        IOException refused = new SSLHandshakeException("Received fatal alert: certificate_required");

        expect(classifier.classify(refused, REQUEST, true), "tls.handshake", Scope.TARGET, false);
    }

    @Test
    void whatHttp2RefusedUnreadIsNotAmbiguous() {
        IOException refused = new IOException("stream was reset: REFUSED_STREAM");

        expect(classifier.classify(refused, REQUEST, true), "io.refused", Scope.OPERATION, false);
    }

    @Test
    void anErrorIsOneLineWithoutSecrets() {
        IOException quoting = new ProtocolException("Unexpected status line: s3cret-token\r\nis what you sent");

        assertThat(classifier.classify(quoting, REQUEST, true).error())
                .isEqualTo("GET https://api.example.com/x?… failed: Unexpected status line: •••• is what you sent");
    }

    @Test
    void aFailureWithoutMessageIsNamedByItsType() {
        assertThat(classifier.classify(new SocketException(), REQUEST, true).error())
                .endsWith("failed: SocketException");
    }

    private static void expect(SendResult result, String code, Scope scope, boolean ambiguous) {
        assertThat(result.retryable()).isTrue();
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.scope()).isEqualTo(scope);
        assertThat(result.ambiguous()).isEqualTo(ambiguous);
    }
}
