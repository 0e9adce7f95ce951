package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TransportLoadTest {
    private static final long AT_ONCE = Duration.ofNanos(20_000).toNanos();
    private static final long SLOW = Duration.ofMillis(5).toNanos();

    private final SyncEngine.Config config = SyncEngine.Config.builder().build();
    private final TransportLoad load = new TransportLoad("test", config, new SendThreads(4, () -> {}));

    private void callsReturn(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            load.callBegun();
            load.callReturned(nanos);
        }
    }

    @Test
    void transportCaughtBlockingIsTreatedAsOneThatBlocks() {
        load.sendStarted();
        assertThat(load.window()).isEqualTo(config.inFlightWindow());

        load.callDoesNotReturn();

        assertThat(load.window()).isEqualTo(config.workerCount());
        assertThat(load.mayBlock()).isTrue();
    }

    @Test
    void callsThatReturnAtOnceInARowMakeUpForIt() {
        load.callDoesNotReturn();

        callsReturn(7, AT_ONCE);
        callsReturn(1, SLOW);
        callsReturn(7, AT_ONCE);
        assertThat(load.callsBlock()).isTrue();

        callsReturn(1, AT_ONCE);
        assertThat(load.callsBlock()).isFalse();
    }

    @Test
    void nothingMakesUpForACallThatIsNotOver() {
        load.callBegun();
        load.callDoesNotReturn();

        callsReturn(100, AT_ONCE);
        assertThat(load.callsBlock()).isTrue();

        load.callReturned(SLOW);
        callsReturn(8, AT_ONCE);
        assertThat(load.callsBlock()).isFalse();
    }

    @Test
    void eachRelapseMakesTrustDearer() {
        load.callDoesNotReturn();
        callsReturn(8, AT_ONCE);

        load.callDoesNotReturn();

        callsReturn(63, AT_ONCE);
        assertThat(load.callsBlock()).isTrue();
        callsReturn(1, AT_ONCE);
        assertThat(load.callsBlock()).isFalse();
    }

    private void sendsDoWithoutThread(int count) {
        for (int i = 0; i < count; i++) {
            load.didWithoutThread();
        }
    }

    @Test
    void transportThatNeedsAThreadForItsFirstSendAloneGetsItsWindow() {
        load.usesThreads();
        load.sendStarted();
        sendsDoWithoutThread(7);
        assertThat(load.window()).isEqualTo(config.workerCount());

        sendsDoWithoutThread(1);

        assertThat(load.window()).isEqualTo(config.inFlightWindow());
        assertThat(load.mayBlock()).isFalse();
    }

    @Test
    void transportThatKeepsAskingForThreadsIsTakenForOneThatBlocks() {
        load.sendStarted();
        for (int i = 0; i < 100; i++) {
            sendsDoWithoutThread(7);
            load.usesThreads();
        }

        sendsDoWithoutThread(7);

        assertThat(load.window()).isEqualTo(config.workerCount());
    }
}
