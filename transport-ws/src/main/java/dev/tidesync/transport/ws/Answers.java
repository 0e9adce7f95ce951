package dev.tidesync.transport.ws;

import dev.tidesync.transport.ws.dialect.WsEvent;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** How much of what the other side says is kept. */
final class Answers {
    /** An explanation is for a person's eyes. */
    private static final int LONGEST_EXPLANATION = 1_000;

    private Answers() {}

    /**
     * The event, its answer cut to so many bytes of UTF-8 between two characters, and its explanation to a few lines.
     */
    static WsEvent bounded(WsEvent event, int maxAnswerBytes) {
        if (event instanceof WsEvent.Accepted accepted && isCut(accepted, maxAnswerBytes)) {
            return new WsEvent.Accepted(accepted.ackId(), cut(accepted.answer(), maxAnswerBytes));
        }
        if (event instanceof WsEvent.Refused refused) {
            return new WsEvent.Refused(
                    refused.ackId(), explained(refused.name()), explained(refused.message()), refused.retryAfter());
        }
        return event instanceof WsEvent.Failed failed
                ? new WsEvent.Failed(failed.ackId(), explained(failed.message()))
                : event;
    }

    /** Whether part of the answer is not kept. */
    static boolean isCut(WsEvent.Accepted accepted, int maxAnswerBytes) {
        return cut(accepted.answer(), maxAnswerBytes).length()
                < accepted.answer().length();
    }

    private static String explained(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_EXPLANATION));
    }

    private static String cut(String answer, int maxBytes) {
        if (answer.length() <= maxBytes / 3) {
            return answer; // a char is 3 bytes at most
        }
        CharsetEncoder utf8 = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer chars = CharBuffer.wrap(answer);
        utf8.encode(chars, ByteBuffer.allocate(maxBytes), true);
        return answer.substring(0, chars.position());
    }
}
