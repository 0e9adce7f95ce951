package dev.tidesync.engine.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidesync.engine.wal.LogFile;
import dev.tidesync.engine.wal.LogStorage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an {@code outbox.json} that Vix sync left, and sees it through to its import, whatever crashes in between.
 *
 * <ol>
 *   <li>With no log beside it, {@code outbox.json} is renamed to {@code outbox.json.importing}.
 *   <li>The log is made. From now on {@code outbox.json} belongs to the view.
 *   <li>As long as there is an {@code outbox.json.importing}, its rows are imported; those that are there already are
 *       left alone.
 *   <li>It is renamed to {@code outbox.json.imported}, and kept.
 * </ol>
 */
final class VixTakeover {
    private static final Logger LOG = LoggerFactory.getLogger(VixTakeover.class);

    private final LogStorage storage;
    private final String name;
    private final InstantSource clock;

    VixTakeover(LogStorage storage, String name, InstantSource clock) {
        this.storage = storage;
        this.name = name;
        this.clock = clock;
    }

    /**
     * Sets a file aside that is not this store's own view. To be called before the log is opened.
     *
     * @throws IOException if there is a file that is no outbox; it is left as it is
     */
    void prepare(boolean logExists) throws IOException {
        if (logExists || !storage.list().contains(name)) {
            return;
        }
        if (VixOutbox.isView(parse(name))) {
            LOG.warn("{} is the view of a log that is gone; kept as {}", storage.describe(name), orphaned());
            setAside(name, orphaned());
        } else {
            setAside(name, importing());
        }
    }

    /** Imports what was set aside, if anything was. To be called once the log is open. */
    Optional<ImportReport> finish(VixImport vixImport) throws IOException {
        List<String> files = storage.list();
        if (!files.contains(importing())) {
            return Optional.empty();
        }
        ImportReport report = vixImport.run(parse(importing()), clock.millis());
        setAside(importing(), name + ".imported");
        report.problems().forEach(problem -> LOG.warn("{}: {}", storage.describe(name), problem));
        LOG.info("imported {} operations from {}", report.imported(), storage.describe(name + ".imported"));
        return Optional.of(report);
    }

    private String importing() {
        return name + ".importing";
    }

    private String orphaned() {
        return name + ".orphaned";
    }

    private JsonNode parse(String file) throws IOException {
        try (LogFile content = storage.open(file)) {
            byte[] json = new byte[Math.toIntExact(content.size())];
            int length = content.read(0, json, 0, json.length);
            if (length != json.length) {
                throw new IOException(storage.describe(file) + " changed while it was read; open the outbox again");
            }
            return VixOutbox.parse(json, storage.describe(file));
        }
    }

    private void setAside(String from, String to) throws IOException {
        storage.rename(from, to);
        storage.syncDirectory();
    }
}
