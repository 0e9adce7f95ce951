package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.engine.wal.CompactId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationIdTest {
    private static final HashKey KEY = new HashKey(1, 2);

    @Test
    void canonicalUuidIsKeptAsItsBits() {
        for (String id : new String[] {
            "0190f3c2-5a7e-7abc-8def-0123456789ab",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff"
        }) {
            OperationId parsed = OperationId.of(id, KEY);

            assertThat(parsed.text).isNull();
            assertThat(new UUID(parsed.high, parsed.low)).isEqualTo(UUID.fromString(id));
            assertThat(CompactId.text(parsed.high, parsed.low)).isEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-4711",
                "0190F3C2-5A7E-7ABC-8DEF-0123456789AB",
                "0190f3c2-5a7e-7abc-8def-0123456789a",
                "0190f3c25-a7e-7abc-8def-0123456789ab",
                "0190f3c2-5a7e-7abc-8def-0123456789ag",
                "0190f3c2-5a7e-7abc-8def-0123456789ä0",
                "-190f3c2-5a7e-7abc-8def-0123456789ab",
                "1-1-1-1-1"
            })
    void anyOtherIdIsKeptAsItIs(String id) {
        OperationId parsed = OperationId.of(id, KEY);

        assertThat(parsed.text).isNotNull();
        assertThat(OperationId.text(parsed.text)).isEqualTo(id);
    }

    /** From the reference implementation of SipHash-1-3 (veorq/SipHash, vectors of the key 00 01 … 0f). */
    @Test
    void hashIsSipHash() {
        HashKey key = new HashKey(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        byte[] bytes = new byte[16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        assertThat(key.hash(bytes)).isEqualTo(key.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L));
        assertThat(key.hash(new byte[0])).isEqualTo(0xabac0158050fc4dcL);
    }

    @Test
    void hashDependsOnTheKey() {
        assertThat(HashKey.random().hash(1, 2)).isNotEqualTo(HashKey.random().hash(1, 2));
    }
}
