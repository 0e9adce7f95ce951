package dev.tidesync.transport.ws.dialect;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a message of the other side means. */
public sealed interface WsEvent {
    /** The other side has answered the greeting: operations may follow. */
    record Ready() implements WsEvent {}

    /**
     * The other side took custody of an operation.
     *
     * @param answer what it said beyond that, for {@code ws.request}; empty if nothing
     */
    record Accepted(long ackId, String answer) implements WsEvent {}

    /**
     * The other side did not take an operation, and the connection goes on.
     *
     * @param name the kind of error, such as {@code TooManyRequests}
     * @param message for a person; may be empty
     */
    record Refused(long ackId, String name, String message, Optional<Duration> retryAfter) implements WsEvent {}

    /**
     * The other side gives up the conversation over something that was sent.
     *
     * @param ackId the operation that is to blame, if it says so
     */
    record Failed(OptionalLong ackId, String message) implements WsEvent {}

    /** Nothing that concerns deliveries. */
    record Ignored(String why) implements WsEvent {}
}
