package dev.tidesync.transport.ws;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Delivers {@code ws.send} and {@code ws.request}: an operation counts as delivered when the other side acknowledges
 * it, and not before.
 *
 * <p><b>Threads:</b> safe for use by any number of threads. Results are completed on the transport's own thread, so
 * what depends on them must not block.
 */
final class WsTransport implements ISyncTransport {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final WsConfig config;
    private final Loop loop;
    private final Wiring wiring;
    private final AtomicReference<@Nullable WsReceiver> receiver = new AtomicReference<>();
    /** Confined to the loop. */
    private final Map<URI, Destination> destinations = new HashMap<>();

    WsTransport(WsConfig config, TransportContext context) {
        this.config = config;
        this.loop = new Loop("tidesync-ws-" + context.instanceName());
        this.wiring = new Wiring(
                context.instanceName(),
                config,
                loop,
                context.metrics(),
                System::nanoTime,
                new Random(),
                target -> destinations.remove(target.uri()));
        config.receiver()
                .ifPresent(listen -> context.inbox().ifPresent(inbox -> inbox.whenOpen(() -> receive(inbox, listen))));
    }

    private void receive(Inbox inbox, WsReceiver.Config listen) {
        try {
            receiver.set(WsReceiver.listen(inbox, listen));
        } catch (IOException cannotListen) {
            throw new IllegalStateException(
                    "transports." + wiring.instance() + "." + WsSettings.LISTEN + ": " + cannotListen.getMessage(),
                    cannotListen);
        }
    }

    @Override
    public SendResult send(Operation operation) throws Exception {
        Delivery delivery;
        try {
            delivery = start(operation);
        } catch (UnsendableException unsendable) {
            return unsendable.result();
        }
        try {
            return delivery.result().get();
        } catch (InterruptedException interrupted) {
            cancel(delivery);
            throw interrupted;
        } catch (ExecutionException bug) {
            throw new AssertionError("a delivery ends with a result", bug);
        }
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        try {
            Delivery delivery = start(operation);
            context.onCancel(() -> cancel(delivery));
            return delivery.result();
        } catch (UnsendableException unsendable) {
            return CompletableFuture.completedFuture(unsendable.result());
        }
    }

    private Delivery start(Operation operation) throws UnsendableException {
        checkKind(operation.kind());
        Delivery delivery = new Delivery(operation, target(operation));
        if (!loop.execute(() -> submit(delivery))) {
            delivery.complete(Outcomes.transportClosed());
        }
        return delivery;
    }

    private void checkKind(String kind) throws UnsendableException {
        if (!kind.equals("ws.send") && !kind.equals("ws.request")) {
            throw new UnsendableException("ws.kind", "expected kind ws.send or ws.request but was '" + kind + "'");
        }
        if (kind.equals("ws.request") && !config.dialect().answersRequests()) {
            throw new UnsendableException(
                    "ws.kind", "dialect " + config.dialect().subProtocol() + " has no answers; use ws.send");
        }
    }

    private Target target(Operation operation) throws UnsendableException {
        try {
            return config.targets().resolve(operation.target());
        } catch (IllegalArgumentException leadsNowhere) {
            throw new UnsendableException("ws.target", String.valueOf(leadsNowhere.getMessage()));
        }
    }

    private void submit(Delivery delivery) {
        if (loop.stopping()) {
            delivery.complete(Outcomes.transportClosed());
        } else {
            destination(delivery.target()).submit(delivery);
        }
    }

    private Destination destination(Target target) {
        return destinations.computeIfAbsent(target.uri(), uri -> new Destination(new Target(uri, ""), wiring));
    }

    private void cancel(Delivery delivery) {
        loop.execute(() -> {
            Destination destination = destinations.get(delivery.target().uri());
            if (destination != null) {
                destination.cancel(delivery);
            }
        });
    }

    @Override
    public void close() {
        WsReceiver listening = receiver.getAndSet(null);
        if (listening != null) {
            listening.close();
        }
        if (loop.execute(this::closeAll) && !loop.isCurrentThread()) {
            loop.awaitEnd(LONGEST_CLOSE);
        }
    }

    private void closeAll() {
        destinations.values().forEach(Destination::close);
        destinations.clear();
        loop.stop();
    }
}
