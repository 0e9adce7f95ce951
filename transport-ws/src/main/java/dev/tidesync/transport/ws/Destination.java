package dev.tidesync.transport.ws;

import dev.tidesync.api.SendResult;
import dev.tidesync.transport.ws.dialect.WsEvent;
import dev.tidesync.transport.ws.dialect.WsFrame;
import dev.tidesync.transport.ws.wire.RareEvents;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place that operations go to: at most one connection, the deliveries that wait for room on it, and those that wait
 * for their acknowledgement. Confined to the loop, except for the listener's methods, which hand over to it.
 *
 * <p>It connects when there is something to send. When the connection ends, every delivery gets its outcome at once;
 * sending again is the engine's part, under the same idempotency key.
 */
final class Destination implements Link.Listener {
    private static final Logger log = LoggerFactory.getLogger(Destination.class);
    /** Long enough for a close frame to leave; nothing waits for it. */
    private static final Duration GOODBYE = Duration.ofMillis(250);
    /** So many silences in a row are the connection's fault rather than the operations'. */
    private static final int SILENCES_TO_DROP = 2;

    /** With the longest answers kept by default, 16 MiB. */
    private static final int MOST_UNHEARD_EVENTS = 256;

    private final RareEvents answersCut = new RareEvents();
    private final Semaphore unheard = new Semaphore(MOST_UNHEARD_EVENTS);
    private final Target target;
    private final Wiring wiring;
    private final WsConfig config;
    private final Outcomes outcomes;
    private final Backoff backoff;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final Window window;

    private @Nullable Link link;
    private boolean ready;
    private Loop.Timer connectTimer = Loop.Timer.NONE;
    private Loop.Timer idleTimer = Loop.Timer.NONE;
    private SendResult lastFailure = Outcomes.transportClosed();
    private long lastAckId;
    private int silences;
    /** How many deliveries still have to go one at a time, since one of so many made the other side give up. */
    private int suspects;

    Destination(Target target, Wiring wiring) {
        this.target = target;
        this.wiring = wiring;
        this.config = wiring.config();
        this.outcomes = new Outcomes(config.reconnect().blockedProbe());
        this.backoff = new Backoff(config.reconnect(), wiring.nanoTime(), wiring.random());
        this.window =
                new Window(config.sizes().windowOperations(), config.sizes().windowBytes());
    }

    void submit(Delivery delivery) {
        idleTimer.stop();
        Optional<Duration> leftAlone = link == null ? backoff.remaining() : Optional.empty();
        if (leftAlone.isPresent()) {
            delivery.complete(lastFailure.withRetryAfter(leftAlone.get()));
            restWhenIdle();
        } else if (waiting.size() >= config.sizes().waiting()) {
            delivery.complete(Outcomes.windowFull(target));
        } else {
            waiting.add(delivery);
            Duration longest = config.times().connect().plus(config.times().ack());
            delivery.timer(wiring.loop().schedule(longest, () -> waitedTooLong(delivery)));
            proceed();
        }
    }

    private void proceed() {
        if (link == null) {
            connect();
        } else {
            pump();
        }
    }

    private void connect() {
        Link fresh = new Link(target, config, this);
        link = fresh;
        connectTimer = wiring.loop().schedule(config.times().connect(), () -> connectTimedOut(fresh));
        fresh.start(wiring.threadName(target));
    }

    private void connectTimedOut(Link slow) {
        if (slow == link) {
            slow.cut(LinkEnd.failed(false, new SocketTimeoutException("connect")));
        }
    }

    /** Sends what waits, as far as there is room. */
    private void pump() {
        Link open = link;
        while (ready && open != null && !waiting.isEmpty()) {
            Delivery next = waiting.element();
            Optional<WsFrame> frame = encoded(next);
            if (frame.isEmpty()) {
                waiting.remove();
            } else if (hasRoomFor(frame.get())) {
                waiting.remove();
                window.add(next);
                next.timer(wiring.loop().schedule(config.times().ack(), () -> ackTimedOut(next)));
                open.send(frame.get());
            } else {
                return;
            }
        }
        restWhenIdle();
    }

    private boolean hasRoomFor(WsFrame frame) {
        return suspects > 0 ? window.isEmpty() : window.admits(frame.sizeBytes());
    }

    /** The message; empty if there is none, and the delivery then has its outcome. */
    private Optional<WsFrame> encoded(Delivery delivery) {
        try {
            WsFrame frame = delivery.encoded(config.dialect(), ++lastAckId);
            int limit = config.sizes().outgoingBytes();
            if (frame.sizeBytes() <= limit) {
                return Optional.of(frame);
            }
            delivery.complete(Outcomes.tooLarge(frame.sizeBytes(), "max-outgoing-bytes, " + limit));
        } catch (IllegalArgumentException cannotBeWritten) {
            delivery.complete(Outcomes.unsendable("ws.unsendable", String.valueOf(cannotBeWritten.getMessage())));
        }
        return Optional.empty();
    }

    private void restWhenIdle() {
        if (waiting.isEmpty() && window.isEmpty() && !wiring.loop().stopping()) {
            idleTimer.stop();
            idleTimer = wiring.loop().schedule(config.times().idle(), this::retire);
        }
    }

    private void retire() {
        if (waiting.isEmpty() && window.isEmpty()) {
            leave();
            wiring.forget(target);
        }
    }

    private void leave() {
        Link leaving = link;
        link = null;
        ready = false;
        connectTimer.stop();
        idleTimer.stop();
        if (leaving != null) {
            leaving.sayGoodbye();
            wiring.loop().schedule(GOODBYE, leaving::dispose);
        }
    }

    /** Ends every delivery and says goodbye to the other side. */
    void close() {
        leave();
        giveUpAll(Outcomes.transportClosed());
    }

    void cancel(Delivery delivery) {
        if (waiting.remove(delivery)) {
            delivery.complete(Outcomes.cancelled(false));
        } else if (window.remove(delivery)) {
            delivery.complete(Outcomes.cancelled(true));
            pump();
        }
        restWhenIdle();
    }

    private void waitedTooLong(Delivery delivery) {
        if (waiting.remove(delivery)) {
            delivery.complete(Outcomes.windowFull(target));
        }
    }

    private void ackTimedOut(Delivery silent) {
        window.remove(silent);
        silent.complete(Outcomes.ackTimeout(config.times().ack()));
        wiring.metrics().add("ack-timeouts", 1);
        silences++;
        Link open = link;
        if (silences >= SILENCES_TO_DROP && open != null) {
            open.cut(LinkEnd.closed(true, LinkEnd.LOST, "no acknowledgements came", false));
        } else {
            pump();
        }
    }

    @Override
    public void opened(Link opened) {
        wiring.loop().execute(() -> greet(opened));
    }

    private void greet(Link opened) {
        if (opened != link) {
            return;
        }
        wiring.metrics().add("connections-opened", 1);
        backoff.opened();
        try {
            String host = config.virtualHost().orElse(target.host());
            config.dialect().greeting(host, opened.login()).ifPresentOrElse(opened::send, this::begin);
        } catch (IllegalStateException unusable) {
            opened.cut(LinkEnd.failed(false, unusable));
        }
    }

    private void begin() {
        connectTimer.stop();
        ready = true;
        silences = 0;
        pump();
    }

    /**
     * Lets the link's reader wait while the loop has many events of this destination to look at, so that a server that
     * floods us with answers is held up by TCP instead of filling our memory.
     */
    @Override
    public void received(Link from, WsEvent event) {
        WsEvent bounded = Answers.bounded(event, config.sizes().answerBytes());
        if (bounded instanceof WsEvent.Accepted && bounded != event) {
            wiring.metrics().add("answers-cut", 1);
            answersCut.count(count -> log.warn(
                    "{} answers of {} were longer than max-answer-bytes; their ends are not kept",
                    count,
                    target.shown()));
        }
        unheard.acquireUninterruptibly();
        boolean willRun = wiring.loop().execute(() -> {
            unheard.release();
            if (from == link) {
                act(from, bounded);
            }
        });
        if (!willRun) {
            unheard.release();
        }
    }

    private void act(Link from, WsEvent event) {
        if (event instanceof WsEvent.Ready) {
            begin();
        } else if (event instanceof WsEvent.Accepted accepted) {
            accepted(accepted);
        } else if (event instanceof WsEvent.Refused refused) {
            settle(refused.ackId(), outcomes.refused(refused, from.mask(refused.message())));
        } else if (event instanceof WsEvent.Failed failed) {
            conversationFailed(from, failed);
        }
    }

    private void accepted(WsEvent.Accepted accepted) {
        settle(accepted.ackId(), SendResult.delivered().withAnswer(accepted.answer()));
    }

    private void settle(long ackId, SendResult outcome) {
        silences = 0;
        window.take(ackId).ifPresent(delivery -> {
            suspects = Math.max(0, suspects - 1);
            delivery.complete(delivery.asksForAnswer() ? outcome : outcome.withAnswer(""));
        });
        pump();
    }

    private void conversationFailed(Link from, WsEvent.Failed failed) {
        String said = from.mask(failed.message());
        if (!ready) {
            lose(outcomes.blocked("ws.login", target.shown() + " refused the login: " + said));
        } else {
            String text = target.shown() + " gave up over what it was sent: " + said;
            SendResult rejected = Outcomes.unsendable("ws.rejected", text);
            if (failed.ackId().isPresent()) {
                window.take(failed.ackId().getAsLong()).ifPresent(culprit -> blame(culprit, rejected));
            } else {
                blameIfAlone(rejected);
            }
            lose(Outcomes.target("ws.rejected", text));
        }
        from.cut(LinkEnd.closed(true, LinkEnd.LOST, "the conversation failed", false));
    }

    @Override
    public void ended(Link ended, LinkEnd end) {
        wiring.loop().execute(() -> {
            if (ended == link) {
                findCulprit(end);
                lose(outcomes.ended(end, target, ended.mask(end.reason())));
            }
            if (!wiring.loop().stopping()) {
                wiring.loop().schedule(GOODBYE, ended::dispose);
            }
        });
    }

    private void findCulprit(LinkEnd end) {
        switch (end.code()) {
            case LinkEnd.TOO_BIG -> {
                if (end.remote()) {
                    window.takeLargest()
                            .ifPresent(largest ->
                                    blame(largest, Outcomes.tooLarge(largest.sizeBytes(), "the server takes")));
                } else {
                    blameIfAlone(Outcomes.answerTooLarge(config.sizes().incomingBytes()));
                }
            }
            case LinkEnd.NORMAL -> blameIfAlone(Outcomes.closedUnderWay(target));
            case LinkEnd.UNSUPPORTED_DATA, LinkEnd.BAD_PAYLOAD ->
                blameIfAlone(Outcomes.unsendable(
                        "ws.close." + end.code(),
                        target.shown() + " closed the connection with code " + end.code() + " over its message"));
            default -> {}
        }
    }

    /** One of those under way is to blame: alone it is known, among several they go one at a time until it is. */
    private void blameIfAlone(SendResult outcome) {
        if (window.size() == 1) {
            window.takeLargest().ifPresent(culprit -> blame(culprit, outcome));
        } else {
            suspects = Math.max(suspects, window.size());
        }
    }

    private void blame(Delivery culprit, SendResult outcome) {
        suspects = 0;
        culprit.complete(outcome);
    }

    /** The connection is gone: gives every delivery its outcome and leaves the other side alone for a while. */
    private void lose(SendResult failure) {
        log.info("the connection to {} ended: {}", target.shown(), failure.error());
        wiring.metrics().add("connections-lost", 1);
        connectTimer.stop();
        boolean wasReady = ready;
        link = null;
        ready = false;
        lastFailure = failure;
        if (failure.retryAfter().isPresent()) {
            backoff.holdFor(failure.retryAfter().get());
        } else if (wasReady) {
            backoff.lost();
        } else {
            backoff.failed();
        }
        giveUpAll(failure);
        restWhenIdle();
    }

    private void giveUpAll(SendResult failure) {
        List<Delivery> sent = window.takeAll();
        List<Delivery> unsent = List.copyOf(waiting);
        waiting.clear();
        sent.forEach(delivery -> delivery.complete(failure.withAmbiguous(true)));
        unsent.forEach(delivery -> delivery.complete(failure));
    }
}
