package dev.tidesync.engine.plugin;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin's transport behind a guard: its code runs under its own context class loader, and a class that turns out to
 * be missing is the plugin's failure, not the operation's, which is given back uncharged.
 */
final class PluginTransport implements ISyncTransport {
    private static final Logger LOG = LoggerFactory.getLogger(PluginTransport.class);

    private final String instance;
    private final ISyncTransport transport;
    private final ClassLoader loader;
    private final AtomicReference<@Nullable PluginFailure> broken = new AtomicReference<>();

    PluginTransport(String instance, ISyncTransport transport, ClassLoader loader) {
        this.instance = instance;
        this.transport = transport;
        this.loader = loader;
    }

    @Override
    public SendResult send(Operation operation) throws Exception {
        try {
            return ContextLoader.call(loader, () -> transport.send(operation));
        } catch (LinkageError incomplete) {
            return brokenPlugin(incomplete);
        }
    }

    /** Answers null if the plugin does, which is for the engine to judge. */
    @Override
    @SuppressWarnings({"ConstantValue", "NullAway"}) // a plugin may break its contract and answer null
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        try {
            CompletionStage<SendResult> stage = ContextLoader.call(
                    loader, () -> transport.sendAsync(operation, new LoaderContext(context, loader)));
            return stage == null ? null : stage.exceptionallyCompose(this::released);
        } catch (LinkageError incomplete) {
            return CompletableFuture.completedFuture(brokenPlugin(incomplete));
        } catch (Exception failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletionStage<SendResult> released(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LinkageError incomplete
                ? CompletableFuture.completedFuture(brokenPlugin(incomplete))
                : CompletableFuture.failedFuture(failure);
    }

    private SendResult brokenPlugin(LinkageError incomplete) {
        PluginFailure failure = PluginFailure.of(incomplete);
        if (broken.compareAndSet(null, failure)) {
            LOG.error("transport '{}' {}; {}", instance, failure.problem(), failure.hint(), incomplete);
        }
        return SendResult.retryable("transport '" + instance + "' " + failure.problem() + "; " + failure.hint())
                .withCode("plugin.broken")
                .withScope(SendResult.Scope.TARGET);
    }

    /** What has broken the plugin since it was started. */
    Optional<PluginFailure> failure() {
        return Optional.ofNullable(broken.get());
    }

    /** The class loader that its code runs under. */
    ClassLoader loader() {
        return loader;
    }

    @Override
    public void close() {
        ContextLoader.run(loader, transport::close);
    }

    /** The engine's context, with work for the executor put under the plugin's class loader too. */
    private record LoaderContext(SendContext context, ClassLoader loader) implements SendContext {
        @Override
        public Duration timeLeft() {
            return context.timeLeft();
        }

        @Override
        public int attempt() {
            return context.attempt();
        }

        @Override
        public boolean ambiguousBefore() {
            return context.ambiguousBefore();
        }

        @Override
        public boolean cancelled() {
            return context.cancelled();
        }

        @Override
        public void onCancel(Runnable action) {
            context.onCancel(() -> ContextLoader.run(loader, action));
        }

        @Override
        public Executor executor() {
            return task -> context.executor().execute(() -> ContextLoader.run(loader, task));
        }
    }
}
