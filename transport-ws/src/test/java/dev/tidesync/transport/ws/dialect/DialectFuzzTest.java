package dev.tidesync.transport.ws.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a server says means something, if only that it is passed over. */
class DialectFuzzTest {
    private static final String DURATION = "30s";

    @FuzzTest(maxDuration = DURATION)
    void noJsonMakesTheDialectFail(byte[] message) {
        assertThat(new JsonReliableDialect().decode(message)).isNotNull();
    }

    @FuzzTest(maxDuration = DURATION)
    void noStompFrameMakesTheDialectFail(byte[] message) {
        assertThat(new StompDialect().decode(message)).isNotNull();
    }

    /** Headers that can be read can be written, escapes included. */
    @FuzzTest(maxDuration = DURATION)
    void theHeadersOfAStompFrameAreReadTheSameOnceTheyAreWritten(byte[] message) {
        StompFrame.decode(message)
                .ifPresent(frame -> assertThat(
                                StompFrame.decode(frame.encode()).orElseThrow().headers())
                        .isEqualTo(frame.headers()));
    }
}
