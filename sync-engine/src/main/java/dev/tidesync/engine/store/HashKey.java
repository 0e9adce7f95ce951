package dev.tidesync.engine.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-1-3 with a key of this process: whoever chooses ids or ordering keys cannot choose them so that they collide
 * (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; with one and three rounds, as hash tables use it).
 *
 * <p>Immutable, safe for use by many threads.
 */
final class HashKey {
    private final long k0;
    private final long k1;

    HashKey(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** A key that nobody knows. */
    static HashKey random() {
        SecureRandom random = new SecureRandom();
        return new HashKey(random.nextLong(), random.nextLong());
    }

    /** The hash of sixteen bytes. */
    long hash(long high, long low) {
        State state = new State(k0, k1);
        state.add(high);
        state.add(low);
        return state.finish((2L * Long.BYTES) << 56);
    }

    /** The hash of a text's bytes. */
    long hash(byte[] bytes) {
        State state = new State(k0, k1);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= Long.BYTES) {
            state.add(in.getLong());
        }
        long rest = (long) bytes.length << 56;
        for (int shift = 0; in.hasRemaining(); shift += Byte.SIZE) {
            rest |= (in.get() & 0xFFL) << shift;
        }
        return state.finish(rest);
    }

    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        private void add(long word) {
            v3 ^= word;
            round();
            v0 ^= word;
        }

        private long finish(long lastWord) {
            add(lastWord);
            v2 ^= 0xff;
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
