package dev.tidesync.transport.p2p.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The part of CBOR (RFC 8949) that the protocol uses. Every item begins with a head:
 *
 * <pre>
 * 3 bits major type │ 5 bits: 0–23 the number itself, 24–27 it follows in 1, 2, 4 or 8 bytes
 * </pre>
 *
 * then bytes and text bring their content, lists and maps their items.
 */
final class Cbor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int LIST = 4;
    static final int MAP = 5;
    static final int SIMPLE = 7;

    static final int ONE_BYTE = 24;
    static final int EIGHT_BYTES = 27;
    static final int FALSE = 0xf4;
    static final int TRUE = 0xf5;

    private Cbor() {}

    /**
     * Reads one value, which must fill the buffer.
     *
     * @throws BadFrameException if it is none, or not in the one form that {@link #encode} gives
     */
    static Object decode(ByteBuffer bytes) throws BadFrameException {
        return CborReader.read(bytes);
    }

    /** The bytes of a value made of the types that {@link CborReader} gives; maps keep their order. */
    static byte[] encode(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value instanceof Long number) {
            writeHead(out, number < 0 ? NEGATIVE : UNSIGNED, number < 0 ? -1 - number : number);
        } else if (value instanceof byte[] bytes) {
            writeHead(out, BYTES, bytes.length);
            out.writeBytes(bytes);
        } else if (value instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            writeHead(out, TEXT, utf8.length);
            out.writeBytes(utf8);
        } else if (value instanceof List<?> list) {
            writeHead(out, LIST, list.size());
            list.forEach(item -> write(out, item));
        } else if (value instanceof Map<?, ?> map) {
            writeHead(out, MAP, map.size());
            map.forEach((key, item) -> {
                write(out, key);
                write(out, item);
            });
        } else if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else {
            throw new AssertionError("not of the protocol: " + value.getClass());
        }
    }

    private static void writeHead(ByteArrayOutputStream out, int majorType, long argument) {
        int width = width(argument);
        if (width == 0) {
            out.write(majorType << 5 | (int) argument);
            return;
        }
        out.write(majorType << 5 | ONE_BYTE + Integer.numberOfTrailingZeros(width));
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            out.write((int) (argument >>> shift));
        }
    }

    /** How many bytes after the head a number takes in its shortest form. */
    static int width(long argument) {
        if (argument < ONE_BYTE) {
            return 0;
        }
        if (argument < 1L << 8) {
            return 1;
        }
        if (argument < 1L << 16) {
            return 2;
        }
        return argument < 1L << 32 ? 4 : 8;
    }
}
