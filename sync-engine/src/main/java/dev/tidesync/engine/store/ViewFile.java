package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogFile;
import dev.tidesync.engine.wal.LogStorage;
import dev.tidesync.spi.OutboxStoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code outbox.json} beside the log: rewritten as a whole, under another name first, so that a reader never sees
 * half of it. It is a convenience: failing to write it is logged, and harms no operation. Of an outbox that is
 * encrypted there is none.
 */
final class ViewFile {
    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final LogStorage storage;
    private final String name;
    private final boolean pretty;
    private final boolean forbidden;
    private final InstantSource clock;

    ViewFile(LogStorage storage, FileOutboxStore.Config config) {
        this.storage = storage;
        this.name = config.viewName();
        this.pretty = config.prettyJson();
        this.forbidden = config.encrypts();
        this.clock = config.clock();
    }

    /** Brings the file up to date. */
    synchronized void refresh(Listing listing, OperationReader reader) {
        String draft = name + ".tmp";
        try {
            storage.delete(draft);
            if (forbidden) {
                storage.delete(name);
                return;
            }
            OutboxSnapshot snapshot = listing.snapshot(clock.millis(), OutboxView.MAX_OPERATIONS);
            try (LogFile file = storage.create(draft)) {
                OutputStream out = new BufferedOutputStream(new FileOutput(file), BUFFER_BYTES);
                OutboxView.write(out, snapshot, reader::operation, pretty);
            }
            storage.rename(draft, name);
        } catch (IOException | OutboxStoreException failure) {
            LOG.warn("the view {} could not be written; the outbox itself is not affected", name, failure);
            discard(draft);
        }
    }

    /** Half a view would take room that the log may need. */
    private void discard(String draft) {
        try {
            storage.delete(draft);
        } catch (IOException failure) {
            LOG.warn("{} could not be deleted; the next refresh does", storage.describe(draft), failure);
        }
    }

    /** Writes a storage's file from its beginning. */
    private static final class FileOutput extends OutputStream {
        private final LogFile file;
        private long position;

        private FileOutput(LogFile file) {
            this.file = file;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            file.write(position, source, offset, length);
            position += length;
        }
    }
}
