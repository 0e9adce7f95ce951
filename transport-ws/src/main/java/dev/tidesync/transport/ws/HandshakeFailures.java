package dev.tidesync.transport.ws;

import dev.tidesync.api.SendResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What each way to refuse the WebSocket handshake means. */
final class HandshakeFailures {
    /** The library tells the HTTP status in the reason and nowhere else. */
    private static final Pattern STATUS = Pattern.compile("status code received: (\\d{3})");

    private HandshakeFailures() {}

    static SendResult outcome(LinkEnd end, Target target, Outcomes outcomes) {
        Matcher status = STATUS.matcher(end.reason());
        if (status.find()) {
            return ofStatus(Integer.parseInt(status.group(1)), target, outcomes);
        }
        if (end.code() == LinkEnd.PROTOCOL_ERROR) {
            return outcomes.blocked(
                    "ws.sub-protocol",
                    target.shown() + " does not agree to the sub-protocol or is no WebSocket server; set dialect to one"
                            + " that it speaks");
        }
        return Outcomes.target("ws.handshake", target.shown() + " ended the connection during the handshake");
    }

    private static SendResult ofStatus(int status, Target target, Outcomes outcomes) {
        String code = "ws.handshake." + status;
        String text = target.shown() + " answered the WebSocket handshake with HTTP status " + status;
        return switch (status) {
            case 401, 403, 407 -> outcomes.blocked(code, text + "; mend the credentials");
            case 408, 425, 429 -> Outcomes.target(code, text);
            default ->
                status >= 500 ? Outcomes.target(code, text) : outcomes.blocked(code, text + "; mend the target's URL");
        };
    }
}
