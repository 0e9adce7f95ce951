package dev.tidesync.engine;

import dev.tidesync.spi.Admission;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one transport instance costs the engine: whether its sends block threads, and how many of them it has left
 * hanging.
 *
 * <p>Which kind of transport it is, is learned by watching: one that asks for {@link Delivery#executor()} blocks. Until
 * its first send it is taken for one that does.
 *
 * <p><b>Threads:</b> confined to the step, but for {@link #usesThreads} and {@link #threads}.
 */
final class TransportLoad {
    private static final Logger log = LoggerFactory.getLogger(TransportLoad.class);

    private final String instance;
    private final SyncEngine.Config config;
    private final SendThreads threads;
    private final List<Delivery> hanging = new ArrayList<>();
    private boolean watched;
    private volatile boolean blocking;

    TransportLoad(String instance, SyncEngine.Config config, SendThreads threads) {
        this.instance = instance;
        this.config = config;
        this.threads = threads;
    }

    /** How many sends may be under way to one destination. */
    int window() {
        if (blocking) {
            return config.workerCount();
        }
        return watched ? config.inFlightWindow() : Math.min(config.workerCount(), config.inFlightWindow());
    }

    /** Whether its sends may need threads. */
    boolean mayBlock() {
        return blocking || !watched;
    }

    void sendStarted() {
        watched = true;
    }

    void usesThreads() {
        blocking = true;
    }

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
