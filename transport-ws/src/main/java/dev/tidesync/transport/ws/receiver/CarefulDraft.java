package dev.tidesync.transport.ws.receiver;

import dev.tidesync.transport.ws.wire.QuietDraft;
import java.util.List;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.LimitExceededException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.protocols.Protocol;

/**
 * The protocol with the limits that the library leaves out: it counts the bytes of a message in fragments, but not the
 * fragments, and queues answers to a peer that reads none. One per connection, used by its worker alone.
 */
final class CarefulDraft extends QuietDraft {
    /** Senders have no reason to send fragments at all. */
    private static final int MOST_FRAGMENTS = 1024;

    /** More than the answers to a full window, so that only a peer that reads nothing gets here. */
    private static final int MOST_UNSENT_ANSWERS = 4096;

    private final int maxMessageBytes;
    private int fragments;

    CarefulDraft(int maxMessageBytes) {
        super(List.of(new Protocol(WsReceiver.SUB_PROTOCOL)), maxMessageBytes);
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public Draft copyInstance() {
        return new CarefulDraft(maxMessageBytes);
    }

    @Override
    public void processFrame(WebSocketImpl connection, Framedata frame) throws InvalidDataException {
        if (connection.outQueue.size() > MOST_UNSENT_ANSWERS) {
            // at once: a close frame would only wait behind the answers
            connection.closeConnection(CloseFrame.POLICY_VALIDATION, "the sender does not read its answers");
            throw new LimitExceededException("the sender does not read its answers", MOST_UNSENT_ANSWERS);
        }
        if (!isControl(frame)) {
            fragments = frame.isFin() ? 0 : fragments + 1;
        }
        if (fragments > MOST_FRAGMENTS) {
            throw new LimitExceededException("more than " + MOST_FRAGMENTS + " fragments", MOST_FRAGMENTS);
        }
        super.processFrame(connection, frame);
    }

    /** The library compares drafts to find the one that fits; only the very same limits do. */
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof CarefulDraft that && maxMessageBytes == that.maxMessageBytes && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + maxMessageBytes;
    }
}
