package dev.tidesync.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB with {@code WriteOptions.sync} for what is enqueued. */
final class RocksDbPeer implements Peer {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private final RocksDB database;

    RocksDbPeer(Path directory) throws RocksDBException {
        database = RocksDB.open(options, directory.toString());
    }

    @Override
    public void enqueue(long number, byte[] operation) throws RocksDBException {
        database.put(synced, key('o', number), operation);
    }

    @Override
    public void live(long firstNumber, int count, byte[] operation) throws RocksDBException {
        try (WriteBatch enqueued = new WriteBatch();
                WriteBatch claimed = new WriteBatch();
                WriteBatch done = new WriteBatch()) {
            for (long number = firstNumber; number < firstNumber + count; number++) {
                enqueued.put(key('o', number), operation);
                claimed.put(key('c', number), new byte[] {1});
                done.delete(key('o', number));
                done.delete(key('c', number));
            }
            database.write(synced, enqueued);
            database.write(unsynced, claimed);
            database.write(unsynced, done);
        }
    }

    private static byte[] key(char space, long number) {
        return ByteBuffer.allocate(9).put((byte) space).putLong(number).array();
    }

    @Override
    public void close() {
        database.close();
        synced.close();
        unsynced.close();
        options.close();
    }
}
