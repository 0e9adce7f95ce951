package dev.tidesync.transport.ws.dialect;

import dev.tidesync.api.Operation;
import java.util.Optional;

/**
 * A language of acknowledged messages over WebSocket: how an operation is written and what the other side's messages
 * mean. Found by {@link java.util.ServiceLoader} beside the transport, and chosen by its sub-protocol.
 *
 * <p><b>Threads:</b> has no state and is called by several threads at once; no method may block.
 */
public interface WsDialect {
    /** The WebSocket sub-protocol that both sides must agree on; also the dialect's name in the configuration. */
    String subProtocol();

    /**
     * The message that opens the conversation. If there is one, operations wait until {@link WsEvent.Ready} answers it;
     * if not, they may follow the WebSocket handshake at once.
     *
     * @param host the virtual host that the configuration names, otherwise the host that was dialled
     * @param login what the configuration gives for logging in, if anything
     */
    Optional<WsFrame> greeting(String host, Optional<WsLogin> login);

    /** Whether an acknowledgement can carry an answer, so that {@code ws.request} makes sense. */
    boolean answersRequests();

    /**
     * Writes an operation as one message.
     *
     * @param address what the target says after {@code #}; empty if nothing
     * @param ackId the number by which the other side acknowledges it; positive and unique on the connection
     * @throws IllegalArgumentException if the operation cannot be written; the message says why and is fit for a person
     */
    WsFrame encode(Operation operation, String address, long ackId);

    /** Reads one message; what cannot be read is {@link WsEvent.Ignored}, never an exception. */
    WsEvent decode(byte[] message);
}
