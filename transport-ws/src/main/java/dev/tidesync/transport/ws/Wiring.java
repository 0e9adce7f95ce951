package dev.tidesync.transport.ws;

import dev.tidesync.spi.TransportMetrics;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What all destinations of a transport share. */
record Wiring(
        String instance,
        WsConfig config,
        Loop loop,
        TransportMetrics metrics,
        LongSupplier nanoTime,
        RandomGenerator random,
        Consumer<Target> whenRetired) {

    String threadName(Target target) {
        return "tidesync-ws-" + instance + "-" + target.shown();
    }

    /** The destination has nothing left to do and is made anew when it is needed. */
    void forget(Target target) {
        whenRetired.accept(target);
    }
}
