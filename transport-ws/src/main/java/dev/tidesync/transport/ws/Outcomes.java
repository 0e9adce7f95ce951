package dev.tidesync.transport.ws;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.transport.ws.dialect.WsEvent;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** What each answer of the other side, and each silence, means for the operation. Immutable. */
record Outcomes(Duration blockedProbe) {
    private static final Set<String> BAD_REQUEST = Set.of("BadRequest", "NotFound", "PayloadTooLarge", "Forbidden");
    private static final Pattern THROTTLED = Pattern.compile("TooManyRequests|.*Throttl.*");
    private static final Pattern OVERLOADED = Pattern.compile(".*(Timeout|Unavailable)");
    private static final Pattern CODE_PART = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** The error that says an earlier attempt under the same idempotency key was taken. */
    static final String DUPLICATE = "Duplicate";

    /** An acknowledgement that names an error. */
    SendResult refused(WsEvent.Refused refusal, String shownMessage) {
        String name = CODE_PART.matcher(refusal.name()).matches() ? refusal.name() : "unnamed";
        String code = "ws.error." + name;
        String text = "the server refused it with " + name + (shownMessage.isEmpty() ? "" : ": " + shownMessage);
        if (name.equals(DUPLICATE)) {
            return SendResult.delivered();
        }
        if (name.equals("Unauthorized")) {
            return blocked(code, text + "; mend the credentials");
        }
        if (BAD_REQUEST.contains(name) || name.startsWith("Invalid")) {
            return SendResult.permanent(text).withCode(code);
        }
        SendResult retry = isOfTheTarget(name)
                ? target(code, text).withAmbiguous(name.endsWith("Timeout"))
                : SendResult.retryable(text).withCode(code);
        return refusal.retryAfter().map(retry::withRetryAfter).orElse(retry);
    }

    /** A dead or busy upstream is not the operation's fault and must not use up its attempts. */
    private static boolean isOfTheTarget(String name) {
        return THROTTLED.matcher(name).matches() || OVERLOADED.matcher(name).matches();
    }

    static SendResult ackTimeout(Duration waited) {
        return SendResult.retryable("no acknowledgement within " + waited.toMillis() + " ms")
                .withCode("ws.ack-timeout")
                .withAmbiguous(true);
    }

    /** The connection ended, for a reason that is not one operation's alone. */
    SendResult ended(LinkEnd end, Target target, String shownReason) {
        Throwable cause = end.cause();
        if (cause != null) {
            return ConnectFailures.outcome(cause, target, this);
        }
        return end.opened() ? closed(end.code(), target, shownReason) : HandshakeFailures.outcome(end, target, this);
    }

    private SendResult closed(int code, Target target, String shownReason) {
        String text = target.shown() + " closed the connection with code " + code
                + (shownReason.isEmpty() ? "" : ": " + shownReason);
        return switch (code) {
            case LinkEnd.POLICY, 4401, 4403 -> blocked("ws.close." + code, text + "; mend the credentials");
            default -> target("ws.close." + code, text);
        };
    }

    /** Waits for a person or new credentials; asked again now and then. */
    SendResult blocked(String code, String text) {
        return target(code, text).withRetryAfter(blockedProbe);
    }

    static SendResult target(String code, String text) {
        return SendResult.retryable(text).withCode(code).withScope(Scope.TARGET);
    }

    static SendResult tooLarge(int sizeBytes, String who) {
        return SendResult.permanent("its message of " + sizeBytes + " bytes is longer than " + who)
                .withCode("ws.too-large");
    }

    static SendResult answerTooLarge(int limitBytes) {
        return SendResult.retryable("the server sent a message longer than max-incoming-bytes, " + limitBytes)
                .withCode("ws.answer-too-large")
                .withAmbiguous(true);
    }

    /**
     * A server that means to come back says 1001 or 1012. RabbitMQ says 1000 over a message for an exchange that it
     * does not have, and says so each time: an operation that was never charged for that would hold up all others for
     * ever.
     */
    static SendResult closedUnderWay(Target target) {
        return SendResult.retryable(target.shown() + " closed the connection with code " + LinkEnd.NORMAL
                        + " instead of acknowledging it; is its destination there?")
                .withCode("ws.close." + LinkEnd.NORMAL)
                .withAmbiguous(true);
    }

    /** No attempt can mend what the operation itself is. */
    static SendResult unsendable(String code, String text) {
        return SendResult.permanent(text).withCode(code);
    }

    static SendResult windowFull(Target target) {
        return target("ws.window-full", "too many operations wait for room on the connection to " + target.shown());
    }

    static SendResult cancelled(boolean sent) {
        return target("ws.cancelled", "the attempt was cancelled before the acknowledgement came")
                .withAmbiguous(sent);
    }

    static SendResult transportClosed() {
        return target("ws.transport-closed", "the WebSocket transport was closed");
    }
}
