package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private final Destinations destinations = new Destinations();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/api/messages",
                "device-7",
                "https://api.example.com/messages/1?q=2",
                "https://API.example.com:8443/messages",
                "https://user:secret@host/x",
                "https://host",
                "https://host?x=/y",
                "http:///path",
                "http://",
                "https://host/a b",
                "https://host/%zz",
                "https://host/[x]",
                "https://ho st/x",
                "1x://host/x",
                "mailto:a@b",
                "ws://[::1]:80/x",
                "a/b://c/d"
            })
    void destinationIsThatOfTheOperation(String target) {
        String expected = Operation.destinationOf(target);

        assertThat(destinations.of(target)).isEqualTo(expected);
        assertThat(destinations.of(target)).as("when asked again").isEqualTo(expected);
    }

    /** {@code -Ddestinations.seed=N} runs another seed. */
    @Test
    void destinationsOfRandomTargetsAreThoseOfTheOperation() {
        long seed = Long.getLong("destinations.seed", 1);
        Random random = new Random(seed);
        String alphabet = "ab:/?#[]@%. ~2";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder target = new StringBuilder(random.nextBoolean() ? "http://" : "");
            int length = random.nextInt(8);
            for (int j = 0; j < length; j++) {
                target.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(destinations.of(target.toString()))
                    .as("seed %s: '%s'", seed, target)
                    .isEqualTo(Operation.destinationOf(target.toString()));
        }
    }
}
