package dev.tidesync.transport.ws.receiver;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.transport.ws.wire.RareEvents;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.java_websocket.WebSocket;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other end of one connection: hands its operations to the inbox and tells it what became of them.
 *
 * <p><b>Threads:</b> safe for use by many. Nothing here waits.
 */
final class Sender {
    private static final Logger log = LoggerFactory.getLogger(Sender.class);

    /** Beyond this a sender is told to wait, as it should keep a smaller window itself. */
    private static final int MOST_UNANSWERED = 1024;

    private static final long MOST_UNANSWERED_BYTES = 16L << 20;
    private static final long SOON_MS = 1_000;

    private final WebSocket connection;
    private final String origin;
    private final Inbox inbox;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong unansweredBytes = new AtomicLong();
    private final RareEvents unusables = new RareEvents();

    Sender(WebSocket connection, String origin, Inbox inbox) {
        this.connection = connection;
        this.origin = origin;
        this.inbox = inbox;
    }

    /** Who it is. */
    String origin() {
        return origin;
    }

    void hear(String text) {
        Message message = MessageReader.read(text);
        if (message instanceof Message.Event event) {
            take(event.ackId(), event.operation());
        } else if (message instanceof Message.Ping) {
            say(Answer.pong());
        } else if (message instanceof Message.Unusable unusable) {
            refuse(unusable);
        }
    }

    private void take(long ackId, Operation operation) {
        int bytes = operation.payloadSize();
        if (unanswered.get() >= MOST_UNANSWERED || unansweredBytes.get() + bytes > MOST_UNANSWERED_BYTES) {
            say(Answer.busy(ackId, "too many operations are unacknowledged on this connection", SOON_MS));
            return;
        }
        unanswered.incrementAndGet();
        unansweredBytes.addAndGet(bytes);
        inbox.accept(origin, operation).whenComplete((result, failure) -> {
            unanswered.decrementAndGet();
            unansweredBytes.addAndGet(-bytes);
            say(answer(ackId, result, failure));
        });
    }

    private static String answer(long ackId, @Nullable InboxResult result, @Nullable Throwable failure) {
        if (result == null) {
            log.error("an operation could not be stored, so it is not acknowledged", failure);
            return Answer.unavailable(ackId);
        }
        return Answer.of(ackId, result);
    }

    private void refuse(Message.Unusable unusable) {
        unusables.count(count ->
                log.warn("{} sent {} messages that cannot be taken, the last: {}", origin, count, unusable.why()));
        if (unusable.ackId().isPresent()) {
            say(Answer.badRequest(unusable.ackId().getAsLong(), unusable.why()));
        } else {
            connection.close(CloseFrame.REFUSE, unusable.why());
        }
    }

    void say(String answer) {
        try {
            connection.send(answer);
        } catch (WebsocketNotConnectedException gone) {
            log.debug("{} left before it was answered; it will ask again", origin);
        }
    }
}
