package dev.tidesync.engine.wal;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of zeros beside the segments, {@code outbox.reserve}, that becomes the next segment when the disk has no room
 * for another: so what must be logged of operations that were taken in can be logged on a full disk too. As long as it
 * is not whole, nothing new is taken in.
 *
 * <p><b>Threads:</b> belongs to whoever leads the log's writing; {@link #bytes} may be asked by any.
 */
final class Reserve {
    private static final Logger log = LoggerFactory.getLogger(Reserve.class);

    private final LogStorage storage;
    private final String file;
    private volatile long bytes;
    private long taken;

    private Reserve(LogStorage storage, String file, long bytes) {
        this.storage = storage;
        this.file = file;
        this.bytes = bytes;
    }

    /** The reserve as an earlier life of the log left it; there may be none. */
    static Reserve find(LogStorage storage, SegmentName names) throws IOException {
        String file = names.ofReserve();
        if (!storage.list().contains(file)) {
            return new Reserve(storage, file, 0);
        }
        try (LogFile found = storage.open(file)) {
            return new Reserve(storage, file, found.size());
        }
    }

    /** How much room it holds; 0 if there is none. */
    long bytes() {
        return bytes;
    }

    String file() {
        return file;
    }

    /**
     * Makes it at least so large.
     *
     * @throws NoRoomException if the disk has no room for it; as much as there was is kept
     */
    void growTo(long wanted) throws NoRoomException {
        if (bytes >= wanted) {
            return;
        }
        try (LogFile growing = bytes == 0 ? created() : storage.openToWrite(file)) {
            try {
                Room.take(growing, bytes, wanted);
            } finally {
                bytes = growing.size();
            }
        } catch (IOException full) {
            throw new NoRoomException(
                    "there is no room for a reserve of " + wanted + " bytes: " + full.getMessage(), full);
        }
    }

    private LogFile created() throws IOException {
        storage.delete(file);
        return storage.create(file);
    }

    /** It has become a segment. */
    void noteTaken() {
        taken = Math.max(taken, bytes);
        bytes = 0;
    }

    /** Makes it again if it was used, as large as it was or as there is room for: the next opening may need it. */
    void restore() {
        growIfThereIsRoom(taken);
    }

    /** As {@link #growTo}, or as far as it goes. */
    void growIfThereIsRoom(long wanted) {
        try {
            growTo(wanted);
        } catch (NoRoomException full) {
            log.info("{} bytes are kept in {} for a full disk: {}", bytes, storage.describe(file), full.getMessage());
        }
    }
}
