package dev.tidesync.cli;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;

/** What a plugin's command is given. */
record PluginCommandContext(TidesyncCommand tidesync, Settings settings, Path dataDirectory) implements CommandContext {
    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public PrintWriter out() {
        return tidesync.terminal().out();
    }

    @Override
    public PrintWriter err() {
        return tidesync.terminal().err();
    }

    @Override
    public boolean json() {
        return tidesync.json();
    }

    @Override
    public void receive(String kindPrefix, InboxHandler handler) throws InterruptedException {
        try (StopSignal stop = new StopSignal();
                SyncEngine engine = tidesync.opener().openEngine()) {
            engine.inbox().onReceive(kindPrefix, handler);
            engine.start();
            stop.await();
        }
    }
}
