package dev.tidesync.transport.p2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CborTest {
    private static final int ROUNDS = 300_000;

    /** Examples of RFC 8949, appendix A. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "23, 17",
        "24, 1818",
        "100, 1864",
        "1000, 1903e8",
        "1000000, 1a000f4240",
        "1000000000000, 1b000000e8d4a51000",
        "-1, 20",
        "-100, 3863",
        "-9223372036854775808, 3b7fffffffffffffff"
    })
    void numbersTakeTheirShortestForm(long number, String hex) throws Exception {
        assertThat(HexFormat.of().formatHex(Cbor.encode(number))).isEqualTo(hex);
        assertThat(decode(hex)).isEqualTo(number);
    }

    @Test
    void valuesAreReadAsTheyWereWritten() throws Exception {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("grüße", List.of(1L, -5L, "", true, false));
        value.put("nested", Map.of("a", Map.of()));

        assertThat(Cbor.decode(ByteBuffer.wrap(Cbor.encode(value)))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "1817, not in its shortest form",
        "190064, not in its shortest form",
        "1bffffffffffffffff, above 2^63",
        "9f01ff, indefinite",
        "5f4101ff, indefinite",
        "fa47c35000, floats",
        "f6, null",
        "c000, tags",
        "61ff, not UTF-8",
        "a2616101616102, twice",
        "a10101, no text",
        "0000, follow the value",
        "18, in the middle",
        "5a7fffffff00, more than it holds",
        "7b7fffffffffffffff00, more than it holds",
        "9a7fffffff00, more than it holds",
        "ba7fffffff00, more than it holds",
        "8181818181818181818181818181818181818100, deeper"
    })
    void anythingElseIsRefused(String hex, String reason) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOf(BadFrameException.class)
                .hasMessageContaining(reason);
    }

    /** The property that makes a signature over the bytes meaningful. */
    @Test
    void whateverIsReadGivesTheSameBytesWhenItIsWritten() {
        long seed = Long.getLong("tidesync.seed", new Random().nextLong());
        Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = CborInputs.next(random);
            try {
                Object value = Cbor.decode(ByteBuffer.wrap(bytes));
                assertThat(Cbor.encode(value)).as("-Dtidesync.seed=" + seed).isEqualTo(bytes);
                accepted++;
            } catch (BadFrameException refused) {
                assertThat(refused).hasMessageNotContaining("\n");
            }
        }
        assertThat(accepted).as("-Dtidesync.seed=" + seed).isGreaterThan(ROUNDS / 100);
    }

    private static Object decode(String hex) throws BadFrameException {
        return Cbor.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
