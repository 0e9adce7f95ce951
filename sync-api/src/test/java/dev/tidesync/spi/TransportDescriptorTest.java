package dev.tidesync.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportDescriptorTest {
    @Test
    void carriesWhatItWasGiven() {
        TransportDescriptor descriptor = TransportDescriptor.builder("http", SyncSpi.LEVEL)
                .version("1.2.3")
                .kindPrefix("http.")
                .kindPrefix("https.")
                .build();

        assertThat(descriptor.kindPrefixes()).containsExactlyInAnyOrder("http.", "https.");
        assertThat(descriptor).hasToString("http 1.2.3 (SPI level 1, prefixes [http., https.])");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Http", "1http", "-http", "ht tp", "http.", "a/b"})
    void refusesAnIdOfAnotherShape(String id) {
        assertThatThrownBy(() -> TransportDescriptor.builder(id, SyncSpi.LEVEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("was: '" + id + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.", "a.b.", "db2.", "my-kind.", "my_kind.x."})
    void takesPrefixesOfLowerCaseSegments(String prefix) {
        assertThat(KindPrefix.require(prefix)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "http", "HTTP.", "a..b.", ".a.", "a b.", "2a."})
    void refusesPrefixesOfAnotherShape(String prefix) {
        assertThatThrownBy(() -> KindPrefix.require(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("was: '" + prefix + "'");
    }
}
