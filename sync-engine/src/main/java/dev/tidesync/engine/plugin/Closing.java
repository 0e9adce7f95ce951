package dev.tidesync.engine.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes transports side by side, and gives up those that do not come to an end.
 *
 * <p>Confined to the thread that closes a registry.
 */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Duration bound;
    private final List<StartedTransport> givenUp = new ArrayList<>();

    /** A closing that lasts no longer than {@code bound}, however many transports there are. */
    Closing(Duration bound) {
        this.bound = bound;
    }

    void closeAll(List<StartedTransport> transports) {
        long untilNanos = System.nanoTime() + bound.toNanos();
        Map<StartedTransport, BoundedCall<Boolean>> calls = new LinkedHashMap<>();
        transports.forEach(transport -> calls.put(transport, start(transport)));
        calls.forEach((transport, call) -> await(transport, call, untilNanos));
    }

    private static BoundedCall<Boolean> start(StartedTransport transport) {
        return BoundedCall.start("close", transport.instance(), () -> {
            transport.transport().close();
            return true;
        });
    }

    private void await(StartedTransport transport, BoundedCall<Boolean> call, long untilNanos) {
        try {
            Duration left = Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime()));
            call.await(left, closedLate -> LOG.info("transport '{}' closed after all", transport.instance()));
        } catch (BoundedCall.OverdueException | InterruptedException abandoned) {
            givenUp.add(transport);
            LOG.error(
                    "transport '{}' has not closed within {} ms; it is left behind, with its threads and connections",
                    transport.instance(),
                    bound.toMillis());
        } catch (Exception | Error failure) {
            LOG.warn("transport '{}' failed to close; its connections may linger", transport.instance(), failure);
        }
    }

    /** Those that are left behind, and may still be running. */
    List<StartedTransport> givenUp() {
        return givenUp;
    }

    /** What is wrong with one that is left behind. */
    PluginFailure failure() {
        return new PluginFailure(
                "has not closed within " + bound.toMillis() + " ms",
                "report it to the plugin's author; what it holds is free once this process ends");
    }
}
