package dev.tidesync.spi;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;

/** What a {@link PluginCommand} works with. Implemented by the command line; confined to the command's thread. */
@HostImplemented
public interface CommandContext {
    /** The settings of the plugin's instance, checked against the command's own specification. */
    Settings settings();

    /** The directory that the instance keeps its data in; it need not exist yet. */
    Path dataDirectory();

    /** The wall clock. */
    InstantSource clock();

    /** Where the result goes. */
    PrintWriter out();

    /** Where sentences beside the result go. */
    PrintWriter err();

    /** Whether the result is for a program: one JSON object a line. */
    boolean json();

    /**
     * Runs the engine in the foreground, as {@code tidesync run} does, and has the handler run for what arrives, until
     * the process is told to end.
     *
     * @param kindPrefix as {@code p2p.}
     * @throws OutboxStoreException if the outbox cannot be opened; says why, and who holds it if it is held
     */
    void receive(String kindPrefix, InboxHandler handler) throws InterruptedException;
}
