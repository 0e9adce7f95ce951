package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final ISyncTransport TRANSPORT = operation -> SendResult.delivered();

    private final TransportRegistry registry =
            TransportRegistry.of(Map.of("http.", TRANSPORT, "http.a.", TRANSPORT, "ws.", TRANSPORT));

    @ParameterizedTest
    @CsvSource({"http.post,http.", "http.a.x,http.a.", "http.b.x,http.", "http.a,http.", "ws.send,ws.", "http.,http."})
    void theLongestPrefixWins(String kind, String prefix) {
        assertThat(registry.route(kind)).map(Route::prefix).contains(prefix);
    }

    @ParameterizedTest
    @CsvSource({"http", "httpx.post", "HTTP.post", "Http.post", "mqtt.publish", "x.http.post"})
    void aKindThatBeginsWithNoPrefixHasNoRoute(String kind) {
        assertThat(registry.route(kind)).isEmpty();
    }

    @Test
    void theReasonForNoRouteNamesTheKindAndWhatIsLoaded() {
        assertThat(registry.noRouteReason("mqtt.publish"))
                .isEqualTo("no transport serves kind 'mqtt.publish'; loaded prefixes: http., http.a., ws.;"
                        + " drop its JAR into plugins/ and restart");
    }

    @Test
    void theReasonSaysSoWhenNothingIsLoaded() {
        assertThat(TransportRegistry.of(Map.of()).noRouteReason("ws.send")).contains("loaded prefixes: none;");
    }

    @Test
    void aRouteNamesItsTransport() {
        Route route = registry.route("http.a.x").orElseThrow();

        assertThat(route.instance()).isEqualTo("http.a");
        assertThat(route.transport()).isSameAs(TRANSPORT);
    }

    @Test
    void aPrefixWithoutItsDotIsRefused() {
        assertThatThrownBy(() -> TransportRegistry.of("http", TRANSPORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was: 'http'");
    }
}
