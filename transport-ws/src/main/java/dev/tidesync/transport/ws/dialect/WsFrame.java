package dev.tidesync.transport.ws.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One message to send, never fragmented. The bytes are not copied and must not be changed. */
public final class WsFrame {
    private final boolean text;
    private final byte[] bytes;

    private WsFrame(boolean text, byte[] bytes) {
        this.text = text;
        this.bytes = Objects.requireNonNull(bytes);
    }

    /** A text message. */
    public static WsFrame text(String message) {
        return new WsFrame(true, message.getBytes(StandardCharsets.UTF_8));
    }

    /** A text message that is UTF-8 already. */
    public static WsFrame utf8(byte[] message) {
        return new WsFrame(true, message);
    }

    /** A binary message. */
    public static WsFrame binary(byte[] message) {
        return new WsFrame(false, message);
    }

    /** Whether it goes as text. */
    public boolean isText() {
        return text;
    }

    /** The message itself, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** The message's length on the wire, without the WebSocket header. */
    public int sizeBytes() {
        return bytes.length;
    }
}
