package dev.tidesync.engine;

import dev.tidesync.engine.insight.DeliveryListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happened, on a thread of its own that lives only while there is something to tell.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class Announcer {
    private static final long KEEP_IDLE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    private final List<DeliveryListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final ThreadPoolExecutor teller;

    Announcer() {
        teller = new ThreadPoolExecutor(
                1,
                1,
                KEEP_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(DeliveryListener.MOST_WAITING),
                Announcer::daemon,
                (event, full) -> lose());
        teller.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tidesync-events");
        thread.setDaemon(true);
        return thread;
    }

    void add(DeliveryListener listener) {
        listeners.add(listener);
    }

    void remove(DeliveryListener listener) {
        listeners.remove(listener);
    }

    /** Tells every listener, some time later. Never blocks. */
    void tell(Consumer<DeliveryListener> event) {
        if (!listeners.isEmpty()) {
            teller.execute(() -> listeners.forEach(listener -> tell(listener, event)));
        }
    }

    private static void tell(DeliveryListener listener, Consumer<DeliveryListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error failure) {
            log.warn("a listener failed; the others are told all the same", failure);
        }
    }

    private void lose() {
        if (!teller.isShutdown() && lost.getAndIncrement() == 0) {
            log.warn("listeners are too slow: {} events wait, and newer ones are lost", DeliveryListener.MOST_WAITING);
        }
    }

    /** How many events were lost since listeners were too slow. */
    long lost() {
        return lost.get();
    }

    /** Tells what waits to be told, and nothing more. */
    void close() {
        teller.shutdown();
    }
}
