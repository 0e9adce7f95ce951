package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fixture's server as the proxy of this machine. */
class ProxyIT {
    private final ProxySelector before = ProxySelector.getDefault();
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
        ProxySelector.setDefault(new OneProxy(http.server.getPort()));
        http.with("allow-cleartext", "true");
    }

    @AfterEach
    void stop() {
        ProxySelector.setDefault(before);
        http.close();
    }

    @Test
    void aProxyThatWantsCredentialsBlocksTheDestination() {
        SendResult result = http.answer(407).send(post("http://device.example/"));

        assertThat(result.code()).isEqualTo("http.407");
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(http.server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aTunnelThatWantsCredentialsIsADestinationThatCannotBeReached() {
        SendResult result = http.answer(407).send(post("https://device.example/"));

        assertThat(result.code()).isEqualTo("io.connect");
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.ambiguous()).isFalse();
        assertThat(result.error()).contains("the proxy wants credentials (407)");
        assertThat(http.server.getRequestCount()).isEqualTo(1);
    }

    private static Operation post(String target) {
        return HttpFixture.operation("http.post", target, "{}").build();
    }

    private static final class OneProxy extends ProxySelector {
        private final int port;

        OneProxy(int port) {
            this.port = port;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            throw new AssertionError("the proxy is there", failure);
        }
    }
}
