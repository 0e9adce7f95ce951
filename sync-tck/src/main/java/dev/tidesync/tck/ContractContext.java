package dev.tidesync.tck;

import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportMetrics;
import java.nio.file.Path;
import java.time.InstantSource;

/** What a transport under test is handed when it is made. */
record ContractContext(String instanceName, Settings settings, Path dataDirectory) implements TransportContext {
    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public TransportMetrics metrics() {
        return (counter, amount) -> {};
    }

    @Override
    public String engineVersion() {
        return "tck";
    }
}
