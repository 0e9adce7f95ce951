package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    private final FieldWriter out = new FieldWriter(16);

    private WalRecord decode(int type, int flags) {
        return RecordDecoder.decode(type, flags, out.array(), 0, out.size());
    }

    @Test
    void bodiesAreProtocolBuffers() {
        new RecordEncoder(out, false).encode(new WalRecord.Claimed("a", "me", 300));

        // 2: 300   7: "me"   1: "a"
        assertThat(HexFormat.of().formatHex(out.array(), 0, out.size())).isEqualTo("10ac02" + "3a026d65" + "0a0161");
    }

    @Test
    void aCanonicalUuidTakesSixteenBytes() {
        String id = "0192f7c1-5a3e-7000-8fff-0123456789ab";
        new RecordEncoder(out, false).encode(new WalRecord.Delivered(id, 0));

        // 29: the digits as they are read
        assertThat(HexFormat.of().formatHex(out.array(), 0, out.size()))
                .isEqualTo("ea0110" + "0192f7c15a3e70008fff0123456789ab");
        assertThat(decode(RecordType.DELIVERED, 0)).isEqualTo(new WalRecord.Delivered(id, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0192F7C1-5a3e-7000-8fff-0123456789ab",
                "0192f7c1-5a3e-7000-8fff-0123456789a",
                "0192f7c1-5a3e-7000-8fff-0123456789abc",
                "0192f7c1-5a3e-7000-8fff-0123456789ag",
                "0192f7c1+5a3e-7000-8fff-0123456789ab",
                "0192f7c15-a3e-7000-8fff-0123456789ab",
                "0192f7c1-5a3e-7000-8fff-0123456789a\u0131",
                "order 4711",
                "a"
            })
    void anyOtherIdStaysTheTextItIs(String id) {
        new RecordEncoder(out, false).encode(new WalRecord.Delivered(id, 0));

        assertThat(decode(RecordType.DELIVERED, 0)).isEqualTo(new WalRecord.Delivered(id, 0));
        assertThat(CompactId.isCanonical(id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "Gr\u00fc\u00dfe",
                "\ud83c\udf0a",
                "lone \ud83c",
                "\udf0a lone",
                "a\u0000b",
                "\u20ac\ud83c"
            })
    void textsAreUtf8(String text) {
        out.element(Tag.ERROR, text);

        FieldReader in = new FieldReader(out.array(), 0, out.size());
        assertThat(in.next()).isEqualTo(Tag.ERROR);
        assertThat(in.text()).isEqualTo(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        assertThat(in.hasNext()).isFalse();
    }

    @Test
    void aCompactIdOfAnotherLengthIsRefused() {
        out.blob(Tag.COMPACT_ID, ByteBuffer.allocate(15));

        assertThat(decode(RecordType.DELIVERED, 0))
                .isEqualTo(new WalRecord.Unknown(
                        RecordType.DELIVERED,
                        "record of type 6 cannot be read: compact id must have 16 bytes, had: 15"));
    }

    @Test
    void fieldsOfANewerVersionAreSkipped() {
        out.number(500, 7);
        out.text(Tag.ID, "a");
        out.text(501, "text");
        out.raw(HexFormat.of().parseHex("b11f0102030405060708" + "b51f01020304"), 0, 16); // fixed64, fixed32
        out.number(Tag.AT_MS, 5);

        assertThat(decode(RecordType.DELIVERED, 0)).isEqualTo(new WalRecord.Delivered("a", 5));
    }

    @Test
    void aRecordOfANewerTypeIsUnknown() {
        assertThat(decode(99, 0))
                .isEqualTo(new WalRecord.Unknown(99, "record type 99 with flags 0 is not known to this version"));
    }

    @Test
    void aRecordWithFlagsOfANewerVersionIsUnknown() {
        out.text(Tag.ID, "a");

        assertThat(decode(RecordType.DELIVERED, 1)).isInstanceOf(WalRecord.Unknown.class);
    }

    @Test
    void aStatusOfANewerVersionMakesTheRecordUnknown() {
        out.text(Tag.ID, "a");
        out.number(Tag.STATUS, 9);

        assertThat(decode(RecordType.RELEASED, 0))
                .isEqualTo(new WalRecord.Unknown(
                        RecordType.RELEASED, "record of type 9 cannot be read: status code must be 0 to 4, was: 9"));
    }

    @Test
    void recordsOfTheInboxComeBack() {
        InboxKey key = new InboxKey(Long.MIN_VALUE, 7);
        Operation operation = Operation.builder()
                .id("")
                .kind("ws.send")
                .target("ws://localhost/")
                .payload(new byte[] {0, -1})
                .header("Content-Type", "text/plain")
                .idempotencyKey("key")
                .orderingKey("lane")
                .createdAtMs(5)
                .build();
        List<WalRecord> records = List.of(
                new WalRecord.Received(key, -3, "ada", operation, 9),
                new WalRecord.Handled(key, 11),
                new WalRecord.Remembered(key, -3, "ada", 5, 11),
                new WalRecord.Forgotten("ada", 5),
                new WalRecord.Delivered("id", 5, "the answer"));

        for (WalRecord record : records) {
            out.shrink(0);
            int type = new RecordEncoder(out, false).encode(record);

            assertThat(decode(type, 0)).isEqualTo(record);
        }
    }

    @Test
    void aRecordOfTheInboxWithoutAKeyIsUnknown() {
        out.number(Tag.AT_MS, 5);

        assertThat(decode(RecordType.HANDLED, 0)).isInstanceOf(WalRecord.Unknown.class);
    }

    @Test
    void negativeAndExtremeNumbersComeBack() {
        for (long value : new long[] {1, 127, 128, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            out.shrink(0);
            out.number(3, value);
            FieldReader in = new FieldReader(out.array(), 0, out.size());

            assertThat(in.next()).isEqualTo(3);
            assertThat(in.number()).isEqualTo(value);
            assertThat(in.hasNext()).isFalse();
        }
    }

    @Test
    void aNumberFilledInLaterReadsLikeAnyOther() {
        int at = out.roomForNumber(25);
        for (long value : new long[] {0, 1, 300, Long.MAX_VALUE}) {
            out.fillNumber(at, value);
            FieldReader in = new FieldReader(out.array(), 0, out.size());

            assertThat(in.next()).isEqualTo(25);
            assertThat(in.number()).isEqualTo(value);
        }
    }

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
        out.blob(1, ByteBuffer.allocate(3));
        out.array()[1] = 0x7F;
        FieldReader in = new FieldReader(out.array(), 0, out.size());
        in.next();

        assertThatThrownBy(in::text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field length must be at most 3, was: 127");
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = new Random(7);
        byte[] bytes = new byte[40];
        for (int round = 0; round < 50_000; round++) {
            random.nextBytes(bytes);
            int type = 1 + random.nextInt(15);

            assertThat(RecordDecoder.decode(type, 0, bytes, 0, random.nextInt(bytes.length)))
                    .isNotNull();
        }
    }
}
