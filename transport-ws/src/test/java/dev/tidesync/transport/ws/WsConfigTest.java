package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WsConfigTest {
    private static WsConfig config(Map<String, String> settings) throws TransportConfigException {
        return WsConfig.from(Settings.of(WsSettings.SPEC, settings), "test");
    }

    @Test
    void severalMistakesAreReportedAtOnce() {
        Map<String, String> settings = Map.of(
                "dialect", "esperanto",
                "destinations.orders", "ws://example.com/",
                "pins.example.com", "sha1/abc",
                "auth.type", "bearer",
                "window.operations", "0",
                "reconnect.min", "2m");

        assertThatThrownBy(() -> config(settings))
                .isInstanceOf(TransportConfigException.class)
                .hasMessageContainingAll(
                        "dialect: expected one of [json.reliable.webpubsub.azure.v1, v12.stomp] but was 'esperanto'",
                        "destinations.orders: ws:// to 'example.com' would leave this machine unencrypted",
                        "pins.example.com: expected sha256/",
                        "auth.token: is required",
                        "auth.hosts: must name the hosts",
                        "window.operations: expected a number between 1 and",
                        "reconnect.min: must not be longer than reconnect.max");
    }

    @Test
    void receivingBeyondThisMachineNeedsTokensAndTls() throws TransportConfigException {
        assertThat(config(Map.of()).receiver()).isEmpty();
        assertThat(config(Map.of("listen", "127.0.0.1:8090")).receiver()).isPresent();
        assertThat(config(Map.of("listen", "[::1]:8090")).receiver()).isPresent();
        assertThatThrownBy(() -> config(Map.of("listen", "0.0.0.0:8090")))
                .hasMessageContaining("must show tokens")
                .hasMessageContaining("set TLS");
        assertThat(config(Map.of(
                                "listen", "0.0.0.0:8090",
                                "listen.tokens.ada", "secret",
                                "listen.allow-cleartext", "true"))
                        .receiver())
                .isPresent();
        assertThatThrownBy(() -> config(Map.of("listen", "8090"))).hasMessageContaining("expected HOST:PORT");
        assertThatThrownBy(() -> config(Map.of("listen", "127.0.0.1:99999")))
                .hasMessageContaining("expected HOST:PORT");
        assertThatThrownBy(() -> config(Map.of("listen", "127.0.0.1:0", "listen.key-store.path", "no/such/file")))
                .hasMessageContaining("no/such/file");
    }

    @Test
    void targetsLeadWhereTheRulesAllow() throws TransportConfigException {
        TargetRules rules = config(Map.of("destinations.q", "wss://b.example.com/ws", "allowed-hosts", "*.example.com"))
                .targets();

        assertThat(rules.resolve("q#/queue/a").address()).isEqualTo("/queue/a");
        assertThat(rules.resolve("wss://API.example.com/x?y#z").shown()).isEqualTo("api.example.com:443");
        assertThatThrownBy(() -> rules.resolve("wss://example.org/")).hasMessageContaining("allowed-hosts");
        assertThatThrownBy(() -> rules.resolve("wss://a:b@x.example.com/")).hasMessageContaining("auth.type");
        assertThatThrownBy(() -> rules.resolve("https://x.example.com/")).hasMessageContaining("expected ws://");
        assertThatThrownBy(() -> rules.resolve("wss://x.example.com/ ?token=canary"))
                .hasMessageNotContaining("canary");
    }
}
