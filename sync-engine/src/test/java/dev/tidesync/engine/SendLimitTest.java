package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SendLimitTest {
    private final SendLimit limit = new SendLimit();

    @Test
    void whatNeverFailsHasItsWholeWindow() {
        assertThat(limit.within(16)).isEqualTo(16);
        assertThat(limit.within(64)).isEqualTo(64);
    }

    @Test
    void failureHalvesIt() {
        limit.within(16);
        limit.failed(1, 16);

        assertThat(limit.within(16)).isEqualTo(8);
    }

    @Test
    void failuresOfSendsThatWereUnderWayHalveItOnlyOnce() {
        limit.within(16);
        IntStream.rangeClosed(1, 16).forEach(send -> limit.failed(send, 16));

        assertThat(limit.within(16)).isEqualTo(8);

        limit.failed(17, 20);
        assertThat(limit.within(16)).isEqualTo(4);
    }

    @Test
    void itNeverFallsBelowOne() {
        limit.within(2);
        IntStream.rangeClosed(1, 10).forEach(send -> limit.failed(send, send));

        assertThat(limit.within(2)).isEqualTo(1);
    }

    @Test
    void aRoundOfAnswersAddsAboutOne() {
        limit.within(16);
        limit.failed(1, 1);

        int[] afterRound = {roundOfAnswers(8), roundOfAnswers(8), roundOfAnswers(9)};

        assertThat(afterRound).containsExactly(8, 9, 10);
    }

    @Test
    void answersDoNotRaiseALimitThatIsNotReached() {
        limit.within(16);
        limit.failed(1, 1);

        IntStream.range(0, 100).forEach(round -> roundOfAnswers(3));

        assertThat(limit.within(16)).isEqualTo(8);
    }

    @Test
    void itOpensAgainWhenItReachesTheWindow() {
        limit.within(4);
        limit.failed(1, 1);

        IntStream.range(0, 10).forEach(round -> roundOfAnswers(limit.within(4)));

        assertThat(limit.isOpen()).isTrue();
        assertThat(limit.within(64)).isEqualTo(64);
    }

    @Test
    void afterAnOutageItDoublesEachRoundUpToHalfOfTheWindow() {
        limit.within(16);
        limit.startOver();

        assertThat(IntStream.range(0, 5)
                        .map(round -> roundOfAnswers(limit.within(16)))
                        .toArray())
                .containsExactly(2, 4, 8, 8, 9);
    }

    private int roundOfAnswers(int inFlight) {
        IntStream.rangeClosed(1, inFlight).forEach(limit::began);
        IntStream.range(0, inFlight).forEach(answer -> limit.answered());
        return limit.within(16);
    }
}
