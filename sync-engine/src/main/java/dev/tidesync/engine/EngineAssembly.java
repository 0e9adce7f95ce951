package dev.tidesync.engine;

import dev.tidesync.engine.control.ControlServer;
import dev.tidesync.engine.control.LocalOutboxAccess;
import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an engine together from a configuration, and remembers what it opened, to close it again. */
final class EngineAssembly {
    private static final Logger log = LoggerFactory.getLogger(EngineAssembly.class);

    private final Path dataDirectory;
    private final SyncConfiguration configuration;
    private final InstantSource clock = InstantSource.system();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    EngineAssembly(Path dataDirectory, SyncConfiguration configuration) {
        this.dataDirectory = dataDirectory;
        this.configuration = configuration;
    }

    /** An engine that closes what was opened for it. If anything cannot be opened, nothing stays open. */
    SyncEngine assemble() {
        try {
            return engine();
        } catch (RuntimeException failure) {
            close(opened);
            throw failure;
        }
    }

    /** Transports come first, since opening them checks every setting there is. */
    private SyncEngine engine() {
        EngineInbox inbox = new EngineInbox(() -> configuration.inbox(dataDirectory, clock));
        EngineOutbox relaying = new EngineOutbox();
        TransportRegistry transports = configuration.openTransports(dataDirectory, clock, inbox, relaying);
        opened.push(transports);
        Outbox outbox = configuration.openOutbox(dataDirectory, clock);
        opened.push(outbox.store());
        relaying.open(outbox);
        opened.push(inbox);
        inbox.open();
        SyncEngine engine = new SyncEngine(
                outbox, new NetworkProbe(() -> true), transports, configuration.engine(), Optional.of(inbox), opened);
        if (configuration.controlSocket()) {
            openControlSocket(outbox, engine).ifPresent(opened::push);
        }
        return engine;
    }

    /** It can be done without: on a full disk there may be no room for it, and deliveries matter more. */
    private Optional<ControlServer> openControlSocket(Outbox outbox, SyncEngine engine) {
        try {
            return Optional.of(
                    ControlServer.open(new LocalOutboxAccess(outbox, engine), dataDirectory, configuration.holder()));
        } catch (IOException failure) {
            log.warn(
                    "the control socket for {} cannot be opened, so other commands find the outbox in use: {}",
                    dataDirectory,
                    DiskTrouble.describe(failure));
            return Optional.empty();
        }
    }

    /** Closes resources in the given order, each whatever the others do. */
    static void close(Iterable<AutoCloseable> resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception | Error failure) {
                log.error("{} could not be closed", resource.getClass().getSimpleName(), failure);
            }
        }
    }
}
