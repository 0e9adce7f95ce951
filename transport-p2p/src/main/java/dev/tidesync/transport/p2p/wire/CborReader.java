package dev.tidesync.transport.p2p.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads CBOR (RFC 8949) strictly: definite lengths, the shortest form of every number, no key twice, text in UTF-8, and
 * of the types only integers, bytes, text, lists, maps with text keys, and booleans. So every value has one form, and
 * whatever is read and written again gives the same bytes.
 *
 * <p>A declared length is believed only as far as bytes are there. Values are {@link Long}, {@code byte[]},
 * {@link String}, {@link List}, {@link Map} and {@link Boolean}.
 */
final class CborReader {
    static final int MAX_DEPTH = 16;

    private final ByteBuffer in;

    private CborReader(ByteBuffer in) {
        this.in = in;
    }

    /** Reads one value, which must fill the buffer. */
    static Object read(ByteBuffer in) throws BadFrameException {
        CborReader reader = new CborReader(in);
        Object value = reader.value(0);
        if (in.hasRemaining()) {
            throw new BadFrameException(in.remaining() + " bytes follow the value");
        }
        return value;
    }

    private Object value(int depth) throws BadFrameException {
        if (depth > MAX_DEPTH) {
            throw new BadFrameException("nested deeper than " + MAX_DEPTH);
        }
        int head = octet();
        return switch (head >> 5) {
            case Cbor.UNSIGNED -> argument(head);
            case Cbor.NEGATIVE -> -1 - argument(head);
            case Cbor.BYTES -> bytes(argument(head));
            case Cbor.TEXT -> text(argument(head));
            case Cbor.LIST -> list(count(head, 1), depth);
            case Cbor.MAP -> map(count(head, 2), depth);
            case Cbor.SIMPLE -> simple(head);
            default -> throw new BadFrameException("tags are not of this protocol");
        };
    }

    private int octet() throws BadFrameException {
        if (!in.hasRemaining()) {
            throw new BadFrameException("it ends in the middle of a value");
        }
        return in.get() & 0xff;
    }

    /** The number that belongs to a head: in the head itself, or in the 1, 2, 4 or 8 bytes after it. */
    private long argument(int head) throws BadFrameException {
        int low = head & 0x1f;
        if (low < Cbor.ONE_BYTE) {
            return low;
        }
        if (low > Cbor.EIGHT_BYTES) {
            throw new BadFrameException("indefinite lengths are not of this protocol");
        }
        int width = 1 << (low - Cbor.ONE_BYTE);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | octet();
        }
        if (value < 0 || Cbor.width(value) != width) {
            throw new BadFrameException("a number is not in its shortest form, or above 2^63");
        }
        return value;
    }

    /** How many items follow; each takes at least this many bytes, so that more cannot be there. */
    private int count(int head, int bytesEach) throws BadFrameException {
        long count = argument(head);
        if (count > in.remaining() / bytesEach) {
            throw new BadFrameException("it announces more than it holds");
        }
        return (int) count;
    }

    private byte[] bytes(long length) throws BadFrameException {
        if (length > in.remaining()) {
            throw new BadFrameException("it announces more than it holds");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private String text(long length) throws BadFrameException {
        if (length > in.remaining()) {
            throw new BadFrameException("it announces more than it holds");
        }
        ByteBuffer utf8 = in.slice().limit((int) length);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(utf8);
            in.position(in.position() + (int) length);
            return text.toString();
        } catch (CharacterCodingException malformed) {
            throw new BadFrameException("a text is not UTF-8");
        }
    }

    private List<Object> list(int size, int depth) throws BadFrameException {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private Map<String, Object> map(int size, int depth) throws BadFrameException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            if (!(value(depth + 1) instanceof String key)) {
                throw new BadFrameException("a map's key is no text");
            }
            if (map.put(key, value(depth + 1)) != null) {
                throw new BadFrameException("a map names a key twice");
            }
        }
        return map;
    }

    private static Boolean simple(int head) throws BadFrameException {
        return switch (head) {
            case Cbor.FALSE -> false;
            case Cbor.TRUE -> true;
            default -> throw new BadFrameException("floats, null and simple values are not of this protocol");
        };
    }
}
