package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

    private final RetryAfter retryAfter = new RetryAfter(NOW, Duration.ofHours(24));

    @ParameterizedTest
    @CsvSource({"0, 0", "120, 120", "' 7 ', 7", "86400, 86400", "86401, 86400", "9999999999, 86400"})
    void secondsAreReadAndClamped(String header, long seconds) {
        assertThat(read(header)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void moreDigitsThanALongHoldsAreTheLongestWait() {
        assertThat(read("1" + "0".repeat(30))).contains(Duration.ofHours(24));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void allThreeShapesOfDatesAreRead(String header) {
        assertThat(read(header)).contains(Duration.ofSeconds(37));
    }

    @Test
    void aDateIsHeldAgainstTheReceiversOwnClock() {
        Optional<Duration> wait = retryAfter.read(
                Optional.of("Sat, 01 Jan 2000 00:01:00 GMT"), Optional.of("Sat, 01 Jan 2000 00:00:00 GMT"));

        assertThat(wait).contains(Duration.ofMinutes(1));
    }

    @Test
    void anUnreadableDateOfTheReceiverLeavesOurClock() {
        assertThat(retryAfter.read(Optional.of("Sun, 06 Nov 1994 08:49:37 GMT"), Optional.of("yesterday")))
                .contains(Duration.ofSeconds(37));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thu, 01 Jan 1970 00:00:00 GMT", "Friday, 31-Dec-93 23:59:59 GMT"})
    void aDateInThePastIsNoWait(String header) {
        assertThat(read(header)).contains(Duration.ZERO);
    }

    @Test
    void aTwoDigitYearFarAheadMeansThePast() {
        assertThat(read("Thursday, 01-Jan-70 00:00:00 GMT")).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "10s", "Sun, 99 Nov 1994 08:49:37 GMT", "0x10", "1 2"})
    void whatCannotBeReadIsIgnored(String header) {
        assertThat(read(header)).isEmpty();
    }

    private Optional<Duration> read(String header) {
        return retryAfter.read(Optional.of(header), Optional.empty());
    }
}
