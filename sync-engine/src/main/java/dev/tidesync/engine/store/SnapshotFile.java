package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogFile;
import dev.tidesync.engine.wal.LogStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps a snapshot of the index beside the log: a {@link SnapshotHead}, blocks of items, and a last block
 * that is empty and holds the checksum of the whole. It is written under another name, forced, and renamed, so that
 * there is a whole one or none.
 *
 * <pre>
 * block:  length of the content (4) | CRC32C of the content (4) | content
 * last:   0 (4)                     | CRC32C of the checksums of head and blocks, in their order (4)
 * </pre>
 */
final class SnapshotFile {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
    private static final int BLOCK_HEADER_BYTES = 8;

    private final LogStorage storage;
    private final String name;

    SnapshotFile(LogStorage storage, FileOutboxStore.Config config) {
        this.storage = storage;
        this.name = config.stem() + ".index";
    }

    /** Where it is, for people. */
    String describe() {
        return storage.describe(name);
    }

    private String draft() {
        return name + ".tmp";
    }

    boolean exists() throws IOException {
        return storage.list().contains(name);
    }

    /** Takes the blocks of a file. */
    @FunctionalInterface
    interface BlockReader {
        void read(ByteBuffer content) throws UnusableSnapshotException;
    }

    /**
     * Reads head and blocks; what the blocks say counts only if this returns.
     *
     * @throws UnusableSnapshotException if anything in it is not as it was written
     * @throws IOException if the disk fails
     */
    SnapshotHead read(BlockReader blocks, OpeningProgress progress) throws IOException, UnusableSnapshotException {
        try (LogFile file = storage.open(name)) {
            Input in = new Input(file);
            byte[] first = in.read(SnapshotHead.FIRST_BYTES);
            in.position = 0;
            byte[] head = in.read(SnapshotHead.length(first));
            SnapshotHead decoded = SnapshotHead.decode(head);
            Whole whole = new Whole();
            whole.add(checksum(head, 0, head.length));
            while (in.readBlock(whole)) {
                blocks.read(in.content());
                progress.read(in.position, in.size);
            }
            return decoded;
        }
    }

    /** Reads a file from front to back. */
    private static final class Input {
        private final LogFile file;
        private final long size;
        private long position;
        private byte[] block = {};
        private int length;

        Input(LogFile file) throws IOException {
            this.file = file;
            this.size = file.size();
        }

        byte[] read(int count) throws IOException, UnusableSnapshotException {
            byte[] bytes = new byte[requireRest(count)];
            readInto(bytes, count);
            return bytes;
        }

        private int requireRest(int count) throws UnusableSnapshotException {
            if (count < 0 || count > size - position) {
                throw new UnusableSnapshotException("it is cut off");
            }
            return count;
        }

        private void readInto(byte[] target, int count) throws IOException, UnusableSnapshotException {
            if (file.read(position, target, 0, count) < count) {
                throw new UnusableSnapshotException("it is cut off");
            }
            position += count;
        }

        /** False behind the last block. */
        boolean readBlock(Whole whole) throws IOException, UnusableSnapshotException {
            ByteBuffer header = ByteBuffer.wrap(read(BLOCK_HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            length = requireRest(header.getInt());
            int expected = header.getInt();
            if (length == 0) {
                requireIntact(expected == whole.checksum() && position == size);
                return false;
            }
            if (block.length < length) {
                block = new byte[length];
            }
            readInto(block, length);
            requireIntact(expected == SnapshotFile.checksum(block, 0, length));
            whole.add(expected);
            return true;
        }

        private static void requireIntact(boolean intact) throws UnusableSnapshotException {
            if (!intact) {
                throw new UnusableSnapshotException("a block of it is damaged");
            }
        }

        ByteBuffer content() {
            return ByteBuffer.wrap(block, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Begins another, to take the place of the one there is. */
    Draft begin(SnapshotHead head) throws IOException {
        storage.delete(draft());
        Draft draft = new Draft();
        boolean begun = false;
        try {
            draft.begin(head);
            begun = true;
            return draft;
        } finally {
            if (!begun) {
                draft.discard();
            }
        }
    }

    /** Deletes what is left of one that was never completed. */
    void deleteDraft() throws IOException {
        if (storage.list().contains(draft())) {
            storage.delete(draft());
        }
    }

    /** A file in the making. Confined to one thread. */
    final class Draft {
        private final LogFile file;
        private final Whole whole = new Whole();
        private long position;

        private Draft() throws IOException {
            file = storage.create(draft());
        }

        private void begin(SnapshotHead head) throws IOException {
            byte[] bytes = head.encode();
            whole.add(checksum(bytes, 0, bytes.length));
            write(bytes);
        }

        /** Adds a block, unless it is empty. */
        void add(byte[] content) throws IOException {
            if (content.length > 0) {
                int checksum = checksum(content, 0, content.length);
                whole.add(checksum);
                write(blockHeader(content.length, checksum));
                write(content);
            }
        }

        /**
         * Puts it in the place of the one before. The directory is not synced: should a power cut bring the old name
         * back, the old snapshot is there again, or none, and either will do.
         */
        void complete() throws IOException {
            write(blockHeader(0, whole.checksum()));
            file.force();
            file.close();
            storage.rename(draft(), name);
        }

        private void write(byte[] bytes) throws IOException {
            file.write(position, bytes, 0, bytes.length);
            position += bytes.length;
        }

        /** Gives it up; what is left of it is deleted now or by the next opening. */
        void discard() {
            try {
                file.close();
                storage.delete(draft());
            } catch (IOException failure) {
                LOG.warn("{} is of no use and could not be deleted", storage.describe(draft()), failure);
            }
        }
    }

    private static byte[] blockHeader(int length, int checksum) {
        return ByteBuffer.allocate(BLOCK_HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .putInt(checksum)
                .array();
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** The checksum of checksums. */
    private static final class Whole {
        private final CRC32C crc = new CRC32C();

        void add(int checksum) {
            crc.update(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(0, checksum));
        }

        int checksum() {
            return (int) crc.getValue();
        }
    }
}
