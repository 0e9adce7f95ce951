package dev.tidesync.engine;

import dev.tidesync.spi.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What one transport instance costs the engine: whether its sends block threads, and how many of them it has left
 * hanging.
 *
 * <p>Which kind of transport it is, is learned by watching: one whose sends ask for {@link Delivery#executor()} blocks.
 * Until its first send it is taken for one that does, and so is one that was caught blocking in a call which should
 * return at once. Either way it is trusted with a full window again after enough sends in a row that did without a
 * thread, or calls that returned at once: many transports need a thread for their first send alone.
 *
 * <p><b>Threads:</b> confined to the step, but for what is marked as safe.
 */
final class TransportLoad {
    /** A call that takes longer is not one that returns at once. */
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(TransportLoad.class);

    private final String instance;
    private final SyncEngine.Config config;
    private final SendThreads threads;
    private final List<Delivery> hanging = new ArrayList<>();
    private final Trust sends = new Trust();
    private final Trust calls = new Trust();
    private final AtomicInteger callsUnderWay = new AtomicInteger();
    private boolean watched;
    private volatile boolean cancellationsBlock;

    TransportLoad(String instance, SyncEngine.Config config, SendThreads threads) {
        this.instance = instance;
        this.config = config;
        this.threads = threads;
    }

    /** How many sends may be under way to one destination. */
    int window() {
        if (sends.isLost() || calls.isLost()) {
            return config.workerCount();
        }
        return watched ? config.inFlightWindow() : Math.min(config.workerCount(), config.inFlightWindow());
    }

    /** Whether its sends may need threads. */
    boolean mayBlock() {
        return sends.isLost() || calls.isLost() || !watched;
    }

    void sendStarted() {
        watched = true;
    }

    /** Safe: it asks for threads to block on. */
    void usesThreads() {
        sends.lose();
    }

    /** Safe: a send was answered that had not asked for a thread. */
    void didWithoutThread() {
        if (sends.isLost()) {
            sends.turn(true);
            sends.regain();
        }
    }

    /** Safe: whether its {@code sendAsync} is taken for one that blocks. */
    boolean callsBlock() {
        return calls.isLost();
    }

    /** Safe: whether actions that it wants run at a cancellation have been caught blocking. */
    boolean cancellationsBlock() {
        return cancellationsBlock;
    }

    /** Safe: it was waited for, in vain. */
    synchronized void callDoesNotReturn() {
        if (!calls.isLost()) {
            // which is most often one that loads its classes
            log.atLevel(calls.isFresh() ? Level.INFO : Level.WARN)
                    .log(
                            "transport '{}' blocks in sendAsync; its calls get threads of their own,"
                                    + " {} at a time to each destination",
                            instance,
                            config.workerCount());
            calls.lose();
        }
    }

    /** Safe: {@code sendAsync} is called. */
    void callBegun() {
        callsUnderWay.incrementAndGet();
    }

    /** Safe: a call of {@code sendAsync} took this long. No trust is regained as long as any call is not over. */
    void callReturned(long nanos) {
        int stillUnderWay = callsUnderWay.decrementAndGet();
        if (calls.isLost()) {
            calls.turn(nanos <= AT_ONCE_NANOS);
            if (stillUnderWay == 0 && calls.regain()) {
                log.info("transport '{}' does not block in sendAsync any more", instance);
            }
        }
    }

    /** Safe: actions at a cancellation were waited for, in vain. */
    void cancellationDoesNotReturn() {
        if (!cancellationsBlock) {
            log.warn("transport '{}' blocks when a send is cancelled; report it to the plugin's author", instance);
            cancellationsBlock = true;
        }
    }

    /** Safe: where its work may block. */
    SendThreads threads() {
        return threads;
    }

    /** Counts a send that was abandoned; it counts for as long as it holds a thread. */
    void abandoned(Delivery delivery) {
        hanging.add(delivery);
        if (isPaused()) {
            log.warn("{}", pauseReason());
        }
    }

    /** Whether so many abandoned sends still hold threads that no more are given to it. */
    boolean isPaused() {
        hanging.removeIf(delivery -> !delivery.holdsThread());
        return hanging.size() >= config.maxAbandonedSends();
    }

    Admission pausedAdmission() {
        return Admission.hold(pauseReason());
    }

    private String pauseReason() {
        return "transport '" + instance + "' is paused: " + config.maxAbandonedSends()
                + " of its sends ignore their deadline and their interrupt; replace the plugin, or restart";
    }
}
