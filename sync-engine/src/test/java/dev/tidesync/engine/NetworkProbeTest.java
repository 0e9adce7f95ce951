package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cache in front of a network check. */
final class NetworkProbeTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean online = new AtomicBoolean(true);
    private final NetworkProbe probe = new NetworkProbe(() -> {
        asked.incrementAndGet();
        return online.get();
    });

    @Test
    void firstCallAsksAtWhateverTime() {
        assertThat(probe.isOnline(0)).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void beforeTheFirstCallNothingIsKnown() {
        assertThat(probe.lastKnownOnline()).isFalse();
        assertThat(probe.lastProbeAtMs()).isZero();
    }

    @Test
    void onlineIsBelievedForTwoSeconds() {
        probe.isOnline(10_000);
        online.set(false);

        assertThat(probe.isOnline(11_999)).isTrue();
        assertThat(probe.isOnline(12_000)).isFalse();
        assertThat(probe.lastProbeAtMs()).isEqualTo(12_000);
    }

    @Test
    void offlineIsAskedAgainOnceTheLeastIntervalHasPassed() {
        online.set(false);
        probe.isOnline(10_000);
        online.set(true);

        assertThat(probe.isOnline(10_999)).isFalse();
        assertThat(probe.isOnline(11_000)).isTrue();
    }

    @Test
    void shorterLeastIntervalLetsTheOfflineTimeDecide() {
        NetworkProbe eager = new NetworkProbe(
                NetworkProbe.Config.builder()
                        .minInterval(Duration.ofMillis(100))
                        .build(),
                online::get);
        online.set(false);
        eager.isOnline(10_000);
        online.set(true);

        assertThat(eager.isOnline(10_499)).isFalse();
        assertThat(eager.isOnline(10_500)).isTrue();
    }

    @Test
    void refreshAlwaysAsks() {
        probe.isOnline(10_000);
        online.set(false);

        assertThat(probe.refresh(10_001)).isFalse();
        assertThat(probe.lastKnownOnline()).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void checkThatThrowsCountsAsOffline() {
        NetworkProbe broken = new NetworkProbe(() -> {
            throw new IllegalStateException("no such interface");
        });

        assertThat(broken.isOnline(10_000)).isFalse();
    }

    @Test
    void checkWhoseClassesAreMissingCountsAsOffline() {
        NetworkProbe broken = new NetworkProbe(() -> {
            throw new NoClassDefFoundError("org/example/Connectivity");
        });

        assertThat(broken.isOnline(10_000)).isFalse();
        assertThat(broken.isStale(10_001)).isFalse();
    }

    @Test
    void clockThatWentBackMakesTheAnswerStale() {
        probe.isOnline(10_000);
        online.set(false);

        assertThat(probe.isOnline(5_000)).isFalse();
    }

    @Test
    void negativeDurationsAreRefusedTogether() {
        NetworkProbe.Config.Builder builder =
                NetworkProbe.Config.builder().minInterval(Duration.ofMillis(-1)).offlineTtl(Duration.ofMillis(-2));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minInterval must not be negative, was: PT-0.001S; "
                        + "offlineTtl must not be negative, was: PT-0.002S");
    }
}
