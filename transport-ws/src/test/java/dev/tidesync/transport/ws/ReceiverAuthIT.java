package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may send to our receiver, and under what name. */
class ReceiverAuthIT {
    private final MemoryInbox inbox = new MemoryInbox();
    private final Map<String, String> tokens = new ConcurrentHashMap<>(Map.of("ada", "secret-a", "bob", "secret-b"));
    private final WsReceiver receiver = WsReceiver.listen(
            inbox, WsReceiver.Config.builder().tokens(() -> tokens).build());
    private final String url = "ws://127.0.0.1:" + receiver.port() + "/inbox";

    ReceiverAuthIT() throws IOException {}

    @AfterEach
    void close() {
        receiver.close();
    }

    private SendResult sendWith(String type, String token) {
        try (ISyncTransport transport = transport("auth.type", type, "auth.token", token, "auth.hosts", "127.0.0.1")) {
            return send(transport, operation(url, "payload"));
        }
    }

    @Test
    void theTokenSaysWhoSends() {
        assertThat(sendWith("bearer", "secret-a").ok()).isTrue();
        assertThat(sendWith("protocol", "secret-b").ok()).isTrue();

        assertThat(inbox.accepted).extracting("origin").containsExactly("ada", "bob");
    }

    @Test
    void aWrongTokenIsRefusedAndTheSenderWaitsForAnother() {
        SendResult result = sendWith("bearer", "secret-c");

        assertThat(result.code()).isEqualTo("ws.handshake.401");
        assertThat(result.error()).contains("credentials").doesNotContain("secret");
        assertThat(inbox.accepted).isEmpty();
    }

    @Test
    void noTokenIsRefused() throws IOException {
        try (RawPeer peer = RawPeer.connected(receiver.port())) {
            peer.write(RawPeer.handshake());
            assertThat(peer.readHead()).startsWith("HTTP/1.1 401 Unauthorized\r\n");
        }
    }

    @Test
    void aNewTokenIsKnownWithoutARestart() {
        tokens.put("cleo", "secret-c");

        assertThat(sendWith("bearer", "secret-c").ok()).isTrue();
        assertThat(inbox.accepted.get(0).origin()).isEqualTo("cleo");
    }

    @Test
    void aWebPageMayNotUseAPortWithoutTokens() throws IOException {
        try (WsReceiver open = WsReceiver.listen(inbox, WsReceiver.Config.onPort(0));
                RawPeer page = RawPeer.connected(open.port())) {
            page.write(RawPeer.handshake("Origin: https://example.com"));
            assertThat(page.readHead()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void strangersNeedTokensAndTls() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);

        assertThatThrownBy(() -> WsReceiver.Config.builder().address(everywhere).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must show tokens")
                .hasMessageContaining("set TLS");
        WsReceiver.Config.builder()
                .address(everywhere)
                .token("ada", "secret")
                .allowCleartext(true)
                .build();
    }
}
