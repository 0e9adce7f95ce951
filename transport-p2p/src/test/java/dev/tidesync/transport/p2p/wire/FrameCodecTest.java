package dev.tidesync.transport.p2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private static final int ROUNDS = 200_000;

    @Test
    void everyFrameIsReadAsItWasWritten() throws Exception {
        for (Frame frame : CborInputs.FRAMES) {
            assertThat(decode(FrameCodec.encode(frame))).isEqualTo(frame);
        }
    }

    @Test
    void fieldsOfLaterVersionsArePassedOver() throws Exception {
        byte[] bytes = Cbor.encode(Map.of("t", "ping", "later", 1L));

        assertThat(decode(bytes)).isEqualTo(new Frame.Ping());
    }

    @Test
    void aTypeThatIsNotKnownIsRefusedByName() {
        byte[] bytes = Cbor.encode(Map.of("t", "dance"));

        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOf(BadFrameException.class)
                .hasMessageContaining("'dance'");
    }

    @Test
    void anOperationWithoutAKindIsRefused() {
        Frame.Op op = new Frame.Op(1, Operation.of("k", "t", ""));
        byte[] bytes = FrameCodec.encode(op);
        bytes[indexOf(bytes, "kind".getBytes(java.nio.charset.StandardCharsets.US_ASCII))] = 'K';

        assertThatThrownBy(() -> decode(bytes)).hasMessageContaining("'kind' must be a text");
    }

    @Test
    void noBytesMakeTheDecoderFailOtherwiseThanItSays() {
        long seed = Long.getLong("tidesync.seed", new Random().nextLong());
        Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = CborInputs.next(random);
            try {
                Frame frame = decode(bytes);
                assertThat(decode(FrameCodec.encode(frame)))
                        .as("-Dtidesync.seed=" + seed)
                        .isEqualTo(frame);
                accepted++;
            } catch (BadFrameException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(accepted).as("-Dtidesync.seed=" + seed).isGreaterThan(ROUNDS / 100);
    }

    private static Frame decode(byte[] bytes) throws BadFrameException {
        return FrameCodec.decode(ByteBuffer.wrap(bytes));
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (java.util.Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }
}
