package dev.tidesync.transport.p2p.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/**
 * Whatever a peer sends is read or refused with {@link BadFrameException}. An ordinary run replays the inputs that are
 * kept beside the test's resources; with JAZZER_FUZZ=1 new ones are looked for.
 */
class WireFuzzTest {
    private static final String DURATION = "30s";

    /** Each value has one form: what is accepted is written again byte by byte. */
    @FuzzTest(maxDuration = DURATION)
    void whatIsAcceptedAsCborHasNoOtherForm(byte[] bytes) {
        try {
            Object value = Cbor.decode(ByteBuffer.wrap(bytes));
            assertThat(Cbor.encode(value)).isEqualTo(bytes);
        } catch (BadFrameException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    /** Unknown fields are passed over and fields come in any order, so it is the frame that must be the same. */
    @FuzzTest(maxDuration = DURATION)
    void whatIsAcceptedAsAFrameIsReadTheSameOnceItIsWritten(byte[] bytes) {
        try {
            Frame frame = FrameCodec.decode(ByteBuffer.wrap(bytes));
            byte[] written = FrameCodec.encode(frame);
            Frame again = FrameCodec.decode(ByteBuffer.wrap(written));
            assertThat(again).isEqualTo(frame);
            assertThat(FrameCodec.encode(again)).isEqualTo(written);
        } catch (BadFrameException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }
}
