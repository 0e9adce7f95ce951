package dev.tidesync.transport.p2p;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Refusals;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** What each answer of a peer, and each silence, means for the operation. Immutable. */
record Outcomes(Duration blockedProbe) {
    private static final String CLOSED = "p2p.transport-closed";

    private static final Set<String> UNREACHABLE = Set.of(
            "p2p.no-address",
            "p2p.connection-lost",
            "p2p.silent",
            "p2p.bye",
            "p2p.handshake-timeout",
            "p2p.refused.session-terminating",
            "io.dns",
            "io.connect",
            "io.connect-timeout");

    /** A refusal that a peer's acknowledgement carries. */
    SendResult refused(Frame.Refusal refusal) {
        String code = "p2p.refused." + refusal.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        String text = "the peer refused it with " + Words.of(refusal.name())
                + (refusal.message().isEmpty() ? "" : ": " + Words.of(refusal.message()));
        SendResult result = switch (refusal.name()) {
            case Refusals.COMPLETED -> SendResult.delivered();
            case Refusals.NOT_ACCEPTABLE, Refusals.EXTENSION_FAILURE -> unsendable(code, text);
            case Refusals.NO_RESOURCES, Refusals.SESSION_TERMINATING -> target(code, text);
            case Refusals.RETRANSMIT -> SendResult.retryable(text).withCode(code);
            default -> SendResult.retryable(text).withCode("p2p.refused.unknown");
        };
        boolean later = result.retryable() && !refusal.retryAfter().isZero();
        return later ? result.withRetryAfter(refusal.retryAfter()) : result;
    }

    /**
     * The connection ended, or could not be made.
     *
     * @param sent whether the operation was on its way
     */
    SendResult ended(LinkEnd end, boolean sent) {
        SendResult result = target(end.code(), end.text()).withAmbiguous(sent);
        return end.cause() == LinkEnd.Cause.BLOCKED ? result.withRetryAfter(blockedProbe) : result;
    }

    /** Whether an outcome says that the peer is not there, rather than that it, or a person, has to do something. */
    static boolean isUnreachable(SendResult outcome) {
        return UNREACHABLE.contains(outcome.code());
    }

    static SendResult ackTimeout(Duration waited) {
        return SendResult.retryable("no acknowledgement within " + waited.toMillis() + " ms")
                .withCode("p2p.ack-timeout")
                .withAmbiguous(true);
    }

    static SendResult target(String code, String text) {
        return SendResult.retryable(text).withCode(code).withScope(Scope.TARGET);
    }

    static SendResult tooLarge(int sizeBytes, int limitBytes) {
        return SendResult.permanent("its message of " + sizeBytes + " bytes is longer than max-frame-bytes of this node"
                        + " or of the peer, " + limitBytes)
                .withCode("p2p.too-large");
    }

    /** No attempt can mend what the operation itself is. */
    static SendResult unsendable(String code, String text) {
        return SendResult.permanent(text).withCode(code);
    }

    static SendResult windowFull() {
        return target("p2p.window-full", "too many operations wait for room on the way to the peer");
    }

    static SendResult cancelled(boolean sent) {
        return target("p2p.cancelled", "the attempt was cancelled before the acknowledgement came")
                .withAmbiguous(sent);
    }

    static boolean isClosed(SendResult outcome) {
        return outcome.code().equals(CLOSED);
    }

    static SendResult transportClosed() {
        return target(CLOSED, "the P2P transport was closed");
    }
}
