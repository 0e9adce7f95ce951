package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.protocols.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can go wrong before a connection is open. None of it is ambiguous, and none is charged. */
@Timeout(30)
class HandshakeIT {
    private static SendResult sendTo(String url, String... settings) {
        try (ISyncTransport transport = transport(settings)) {
            SendResult result = send(transport, operation(url, "hello"));
            assertThat(result.retryable()).isTrue();
            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.ambiguous()).isFalse();
            return result;
        }
    }

    @ParameterizedTest
    @CsvSource({"401", "403", "404", "426", "302", "400"})
    void aRefusedHandshakeWaitsForAPerson(int status) throws Exception {
        try (SilentServer server = SilentServer.answering(status)) {
            SendResult result = sendTo(server.url(), "reconnect.blocked-probe", "1m");

            assertThat(result.code()).isEqualTo("ws.handshake." + status);
            assertThat(result.retryAfter()).contains(Duration.ofMinutes(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "502", "503"})
    void aBusyServerIsTriedAgain(int status) throws Exception {
        try (SilentServer server = SilentServer.answering(status)) {
            SendResult result = sendTo(server.url());

            assertThat(result.code()).isEqualTo("ws.handshake." + status);
            assertThat(result.retryAfter()).isEmpty();
        }
    }

    @Test
    void aServerThatSpeaksAnotherSubProtocolIsNotUsed() {
        try (ReceiverServer server = new ReceiverServer(
                        new Draft_6455(List.of(), List.of(new Protocol("chat"), new Protocol("")), 1 << 20))
                .begin()) {
            assertThat(sendTo(server.url()).code()).isEqualTo("ws.sub-protocol");
            assertThat(server.messages).isEmpty();
        }
    }

    @Test
    void aPeerThatNeverAnswersTheHandshakeIsGivenUp() throws Exception {
        try (SilentServer server = new SilentServer("")) {
            SendResult result = sendTo(server.url(), "connect-timeout", "300ms");

            assertThat(result.code()).isEqualTo("io.connect-timeout");
        }
    }

    @Test
    void aPeerThatNeverAnswersTheTlsHandshakeIsGivenUp() throws Exception {
        try (SilentServer server = new SilentServer("")) {
            SendResult result = sendTo("wss://127.0.0.1:" + server.port() + "/", "connect-timeout", "300ms");

            assertThat(result.code()).isEqualTo("io.connect-timeout");
        }
    }

    @Test
    void aHostThatDoesNotExistIsTriedAgain() {
        assertThat(sendTo("wss://no-such-host.invalid/").code()).isEqualTo("io.dns");
    }

    @Test
    void aServerThatIsNoWebSocketServerIsReported() throws Exception {
        try (SilentServer server = new SilentServer("220 mail.example.com ESMTP\r\n\r\n")) {
            assertThat(sendTo(server.url()).code()).startsWith("ws.");
        }
    }
}
