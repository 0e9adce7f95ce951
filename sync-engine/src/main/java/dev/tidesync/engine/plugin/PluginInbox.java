package dev.tidesync.engine.plugin;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.InboxResult;
import java.util.concurrent.CompletionStage;

/** The inbox as one plugin sees it: the plugin's own code runs with the plugin's class loader. */
record PluginInbox(Inbox inbox, ClassLoader loader) implements Inbox {
    @Override
    public CompletionStage<InboxResult> accept(String origin, Operation operation) {
        return inbox.accept(origin, operation);
    }

    @Override
    public Registration onReceive(String kindPrefix, InboxHandler handler) {
        return inbox.onReceive(
                kindPrefix,
                received -> ContextLoader.call(loader, () -> {
                    handler.handle(received);
                    return true;
                }));
    }

    @Override
    public void whenOpen(Runnable start) {
        inbox.whenOpen(() -> ContextLoader.run(loader, start));
    }
}
