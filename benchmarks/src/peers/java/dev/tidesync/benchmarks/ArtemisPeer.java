package dev.tidesync.benchmarks;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;

/** The journal of ActiveMQ Artemis as its broker sets it up for NIO: 10 MiB files, a buffer flushed every 100 µs. */
final class ArtemisPeer implements Peer {
    private static final int FILE_BYTES = 10 * 1024 * 1024;
    private static final int BUFFER_BYTES = 490 * 1024;
    private static final int BUFFER_NANOS = 100_000;
    private static final byte OPERATION = 1;
    private static final byte CLAIM = 2;

    private final JournalImpl journal;

    ArtemisPeer(Path directory) throws Exception {
        NIOSequentialFileFactory files =
                new NIOSequentialFileFactory(directory.toFile(), true, BUFFER_BYTES, BUFFER_NANOS, 1, false);
        files.start();
        journal = new JournalImpl(FILE_BYTES, 10, 10, 0, 0, files, "peer", "log", 1);
        journal.start();
        journal.loadInternalOnly();
    }

    @Override
    public void enqueue(long number, byte[] operation) throws Exception {
        journal.appendAddRecord(number, OPERATION, operation, true);
    }

    @Override
    public void live(long firstNumber, int count, byte[] operation) throws Exception {
        for (long number = firstNumber; number < firstNumber + count; number++) {
            journal.appendAddRecordTransactional(firstNumber, number, OPERATION, operation);
        }
        journal.appendCommitRecord(firstNumber, true);
        for (long number = firstNumber; number < firstNumber + count; number++) {
            journal.appendUpdateRecord(number, CLAIM, new byte[] {1}, false);
        }
        for (long number = firstNumber; number < firstNumber + count; number++) {
            journal.appendDeleteRecord(number, false);
        }
    }

    @Override
    public void close() throws Exception {
        journal.stop();
    }
}
