package dev.tidesync.transport.p2p.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/** A decoded map whose fields are asked for by name and type; what is missing or of another type is a bad frame. */
final class Fields {
    private static final int SHOWN_CHARS = 40;

    private final Map<?, ?> map;

    private Fields(Map<?, ?> map) {
        this.map = map;
    }

    static Fields of(Object value) throws BadFrameException {
        if (value instanceof Map<?, ?> map) {
            return new Fields(map);
        }
        throw new BadFrameException("expected a map");
    }

    /** A part of what the other side sent, safe to show. */
    static String shown(String text) {
        String part = text.substring(0, Math.min(text.length(), SHOWN_CHARS));
        return part.replaceAll("[^\\x20-\\x7e]", "?");
    }

    boolean has(String name) {
        return map.containsKey(name);
    }

    String text(String name) throws BadFrameException {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    byte[] bytes(String name) throws BadFrameException {
        if (map.get(name) instanceof byte[] bytes) {
            return bytes;
        }
        throw wrong(name, "bytes");
    }

    Fields map(String name) throws BadFrameException {
        if (map.get(name) instanceof Map<?, ?> nested) {
            return new Fields(nested);
        }
        throw wrong(name, "a map");
    }

    long number(String name, long least, long most) throws BadFrameException {
        if (map.get(name) instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw wrong(name, "a number from " + least + " to " + most);
    }

    /** A number from 1 on that fits an int. */
    int integer(String name) throws BadFrameException {
        return (int) number(name, 1, Integer.MAX_VALUE);
    }

    /** All fields, which must be texts. */
    Map<String, String> texts() throws BadFrameException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String value)) {
                throw new BadFrameException("expected texts only");
            }
            texts.put(key, value);
        }
        return texts;
    }

    private static BadFrameException wrong(String name, String expected) {
        return new BadFrameException("field '" + name + "' must be " + expected);
    }
}
