package dev.tidesync.transport.ws.receiver;

import dev.tidesync.api.Operation;
import java.util.OptionalLong;

/** What a sender's message means to a receiver. */
sealed interface Message {
    /** An operation to keep and then to acknowledge under this number. */
    record Event(long ackId, Operation operation) implements Message {}

    /** A question whether we are there. */
    record Ping() implements Message {}

    /**
     * Nothing that can be taken.
     *
     * @param ackId the number to refuse it under; empty if it has none, and so cannot be answered
     */
    record Unusable(OptionalLong ackId, String why) implements Message {}
}
