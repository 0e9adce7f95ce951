package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogFile;
import dev.tidesync.engine.wal.LogStorage;
import dev.tidesync.engine.wal.SimulatedDisk;
import java.io.IOException;
import java.util.List;

/** A simulated disk of which a chosen operation fails, once or from then on. */
final class FailingStorage implements LogStorage {
    private final SimulatedDisk disk;
    private long operations;
    private long firstToFail = Long.MAX_VALUE;
    private long lastToFail = Long.MAX_VALUE;

    FailingStorage(SimulatedDisk disk) {
        this.disk = disk;
    }

    /** The n-th operation from now fails, 1 being the next, and no other. */
    void failOnceAt(long n) {
        firstToFail = operations + n;
        lastToFail = firstToFail;
    }

    /** The n-th operation from now fails, and all after it. */
    void failFrom(long n) {
        firstToFail = operations + n;
        lastToFail = Long.MAX_VALUE;
    }

    /** From now on nothing fails. */
    void heal() {
        firstToFail = Long.MAX_VALUE;
    }

    /** How many operations there were. */
    long operations() {
        return operations;
    }

    private boolean failsNow() {
        operations++;
        return operations >= firstToFail && operations <= lastToFail;
    }

    private void step() throws IOException {
        if (failsNow()) {
            throw new IOException("Input/output error (simulated)");
        }
    }

    @Override
    public List<String> list() throws IOException {
        step();
        return disk.list();
    }

    @Override
    public LogFile create(String name) throws IOException {
        step();
        return new File(disk.create(name));
    }

    @Override
    public LogFile open(String name) throws IOException {
        step();
        return new File(disk.open(name));
    }

    @Override
    public LogFile openToWrite(String name) throws IOException {
        step();
        return new File(disk.openToWrite(name));
    }

    @Override
    public void force(String name) throws IOException {
        if (failsNow()) {
            disk.failForces(1);
        }
        disk.force(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step();
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        step();
        disk.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        step();
        disk.syncDirectory();
    }

    @Override
    public String describe(String name) {
        return disk.describe(name);
    }

    private final class File implements LogFile {
        private final LogFile file;

        File(LogFile file) {
            this.file = file;
        }

        @Override
        public void write(long position, byte[] source, int offset, int length) throws IOException {
            if (failsNow()) {
                disk.failWrites(1);
            }
            file.write(position, source, offset, length);
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            step();
            return file.read(position, target, offset, length);
        }

        @Override
        public void force() throws IOException {
            if (failsNow()) {
                disk.failForces(1);
            }
            file.force();
        }

        @Override
        public long size() throws IOException {
            step();
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            step();
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
