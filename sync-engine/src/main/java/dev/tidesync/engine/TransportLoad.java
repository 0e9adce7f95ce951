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
 * <p>Which kind of transport it is, is learned by watching: one that asks for {@link Delivery#executor()} blocks. Until
 * its first send it is taken for one that does, and so is one that was caught blocking in a call which should return at
 * once, until enough of its calls have returned at once again.
 *
 * <p><b>Threads:</b> confined to the step, but for what is marked as safe.
 */
final class TransportLoad {
    /** A call that takes longer is not one that returns at once. */
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** So many calls that return at once make up for the first that did not: it may have been loading its classes. */
    private static final int CALLS_TO_TRUST = 8;

    /** Each relapse makes trust that much dearer, since it costs the engine a wait. */
    private static final int PRICE_OF_A_RELAPSE = 8;

    private static final Logger log = LoggerFactory.getLogger(TransportLoad.class);

    private final String instance;
    private final SyncEngine.Config config;
    private final SendThreads threads;
    private final List<Delivery> hanging = new ArrayList<>();
    private boolean watched;
    private volatile boolean blocking;
    private volatile boolean callsBlock;
    private volatile boolean cancellationsBlock;
    private final AtomicInteger callsUnderWay = new AtomicInteger();

    // guarded by this
    private long callsToTrust = CALLS_TO_TRUST;
    private long callsAtOnce;

    TransportLoad(String instance, SyncEngine.Config config, SendThreads threads) {
        this.instance = instance;
        this.config = config;
        this.threads = threads;
    }

    /** How many sends may be under way to one destination. */
    int window() {
        if (blocking || callsBlock) {
            return config.workerCount();
        }
        return watched ? config.inFlightWindow() : Math.min(config.workerCount(), config.inFlightWindow());
    }

    /** Whether its sends may need threads. */
    boolean mayBlock() {
        return blocking || callsBlock || !watched;
    }

    void sendStarted() {
        watched = true;
    }

    /** Safe: it asks for threads to block on. */
    void usesThreads() {
        blocking = true;
    }

    /** Safe: whether its {@code sendAsync} is taken for one that blocks. */
    boolean callsBlock() {
        return callsBlock;
    }

    /** Safe: whether actions that it wants run at a cancellation have been caught blocking. */
    boolean cancellationsBlock() {
        return cancellationsBlock;
    }

    /** Safe: it was waited for, in vain. */
    synchronized void callDoesNotReturn() {
        if (!callsBlock) {
            boolean first = callsToTrust == CALLS_TO_TRUST; // which is most often one that loads its classes
            log.atLevel(first ? Level.INFO : Level.WARN)
                    .log(
                            "transport '{}' blocks in sendAsync; its calls get threads of their own,"
                                    + " {} at a time to each destination",
                            instance,
                            config.workerCount());
            callsBlock = true;
            callsAtOnce = 0;
        }
    }

    /** Safe: {@code sendAsync} is called. */
    void callBegun() {
        callsUnderWay.incrementAndGet();
    }

    /** Safe: a call of {@code sendAsync} took this long. */
    void callReturned(long nanos) {
        callsUnderWay.decrementAndGet();
        if (callsBlock) {
            judge(nanos <= AT_ONCE_NANOS);
        }
    }

    /** No trust is regained as long as any call is not over. */
    private synchronized void judge(boolean atOnce) {
        callsAtOnce = atOnce ? callsAtOnce + 1 : 0;
        if (callsBlock && callsAtOnce >= callsToTrust && callsUnderWay.get() == 0) {
            log.info("transport '{}' does not block in sendAsync any more", instance);
            callsBlock = false;
            callsToTrust = Math.min(callsToTrust * PRICE_OF_A_RELAPSE, Integer.MAX_VALUE);
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
