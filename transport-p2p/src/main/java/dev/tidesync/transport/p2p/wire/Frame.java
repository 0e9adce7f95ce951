package dev.tidesync.transport.p2p.wire;

import dev.tidesync.api.Operation;
import java.time.Duration;
import java.util.Optional;

/** One message between two nodes. */
public sealed interface Frame {
    /**
     * The first frame in each direction: who speaks, and what it can take. The id is a courtesy; what counts is the key
     * that TLS has proved.
     *
     * @param version the version of the protocol
     * @param node the sender's id
     * @param name what the sender calls itself
     * @param agent the sender's software, for people
     * @param maxFrameBytes the longest frame it takes
     * @param windowOperations how many operations it takes before it has acknowledged the first
     * @param windowBytes how many bytes of operations it takes so
     */
    record Hello(
            int version,
            String node,
            String name,
            String agent,
            int maxFrameBytes,
            int windowOperations,
            long windowBytes)
            implements Frame {}

    /**
     * An operation, with the number that its acknowledgement bears.
     *
     * @param ackId above 0, and never twice on a connection
     * @param operation the operation; its lifecycle is not sent
     */
    record Op(long ackId, Operation operation) implements Frame {}

    /** What became of an operation; without a refusal, the other side has it on disk. */
    record Ack(long ackId, Optional<Refusal> refusal) implements Frame {}

    /** Are you there? */
    record Ping() implements Frame {}

    /** I am. */
    record Pong() implements Frame {}

    /** The sender closes the connection next. */
    record Bye(String reason, String message) implements Frame {}

    /**
     * Why an operation was not taken.
     *
     * @param name one of the names of {@link Refusals}, after RFC 9174 §4.7
     * @param message one sentence for a person
     * @param retryAfter when to ask again; zero if nothing is said
     */
    record Refusal(String name, String message, Duration retryAfter) {}
}
