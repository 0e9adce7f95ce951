package dev.tidesync.transport.ws.wire;

import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.LimitExceededException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.protocols.IProtocol;

/**
 * RFC 6455 without extensions, since the library does not bound what a compressed message inflates to, and with an
 * explicit limit, since its default believes any length that a header announces. Frames that break the protocol close
 * the connection with the code that they deserve, but are not printed with a stack trace each, as the library would:
 * whoever holds the connection tells of its end.
 *
 * <p>One per connection, used by the thread that reads it.
 */
public class QuietDraft extends Draft_6455 {
    private final int maxFrameBytes;
    private boolean withinMessage;

    /** A draft for these sub-protocols, and frames and messages of so many bytes at most. */
    public QuietDraft(List<IProtocol> protocols, int maxFrameBytes) {
        super(List.of(), protocols, maxFrameBytes);
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public Draft copyInstance() {
        return new QuietDraft(getKnownProtocols(), maxFrameBytes);
    }

    @Override
    public List<Framedata> translateFrame(ByteBuffer bytes) throws InvalidDataException {
        try {
            return super.translateFrame(bytes);
        } catch (InvalidDataException broken) {
            throw new Refusal(broken);
        } catch (RuntimeException unforeseen) {
            // such as a close frame whose reason is no UTF-8; the library would print it and read on
            throw new Refusal(new InvalidDataException(CloseFrame.PROTOCOL_ERROR, "a frame that cannot be read"));
        }
    }

    /** What comes after a close frame is passed over, as nothing can be said to it. */
    @Override
    public void processFrame(WebSocketImpl connection, Framedata frame) throws InvalidDataException {
        if (!connection.isOpen() && frame.getOpcode() != Opcode.CLOSING) {
            return;
        }
        try {
            checkSequence(frame);
            super.processFrame(connection, frame);
        } catch (InvalidDataException broken) {
            throw new Refusal(broken);
        }
    }

    /** RFC 6455 §5.4: before the library does, which would print it. */
    private void checkSequence(Framedata frame) throws InvalidDataException {
        if (isControl(frame)) {
            return;
        }
        if (withinMessage != (frame.getOpcode() == Opcode.CONTINUOUS)) {
            throw new InvalidDataException(
                    CloseFrame.PROTOCOL_ERROR,
                    withinMessage ? "a message began within another" : "a message goes on that never began");
        }
        withinMessage = !frame.isFin();
    }

    /** Whether a frame may come between those of a message. */
    protected static boolean isControl(Framedata frame) {
        return switch (frame.getOpcode()) {
            case PING, PONG, CLOSING -> true;
            case CONTINUOUS, TEXT, BINARY -> false;
        };
    }

    @Override
    public void reset() {
        withinMessage = false;
        super.reset();
    }

    /** The one exception that the library closes a connection for without printing it; it thinks of a limit. */
    private static final class Refusal extends LimitExceededException {
        private static final long serialVersionUID = 1;
        private final int closeCode;

        Refusal(InvalidDataException broken) {
            super(String.valueOf(broken.getMessage()), 0);
            initCause(broken);
            this.closeCode = broken.getCloseCode();
        }

        @Override
        public int getCloseCode() {
            return closeCode;
        }
    }
}
