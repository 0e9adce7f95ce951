package dev.tidesync.cli;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.metrics.MetricsServer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** The metrics that {@code run} serves while it delivers, if {@code metrics.port} asks for them. */
record RunMetrics(Optional<MetricsServer> server) implements AutoCloseable {
    /** Begins to serve them; says where. */
    static RunMetrics of(SyncEngine engine, TidesyncCommand tidesync) {
        OptionalInt port = tidesync.installation().configuration().metricsPort();
        if (port.isEmpty()) {
            return new RunMetrics(Optional.empty());
        }
        try {
            MetricsServer server = MetricsServer.open(engine, port.getAsInt());
            tidesync.terminal().note("metrics at http://127.0.0.1:" + server.port() + "/metrics");
            return new RunMetrics(Optional.of(server));
        } catch (IOException taken) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "metrics cannot be served at port " + port.getAsInt() + ": " + taken.getMessage()
                            + "; set metrics.port to another one, or to 0 for any");
        }
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
    }
}
