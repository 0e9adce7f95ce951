package dev.tidesync.engine.simulation;

import dev.tidesync.engine.wal.LogFile;
import dev.tidesync.engine.wal.LogStorage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory whose power can fail, as strict as the worst file system may be: of what was written since a file's
 * last force, each write may be lost, kept, or torn at 512-byte sectors, in any order, and the file's size may change
 * apart from its content; names may be lost until the directory is synced. A force that fails drops what it should have
 * written, and the next one succeeds (so do ext4, XFS and Btrfs).
 *
 * <p>A process that is killed leaves what it wrote in the cache, to be read by the next and lost by a power cut after
 * that: this is what tells a recovery that trusts what it reads from one that forces it again.
 *
 * <p>One {@link Random} decides everything. Confined to one thread.
 */
final class FaultyDisk implements LogStorage {
    private final Random random;
    private final List<Runnable> unsyncedNames = new ArrayList<>();
    private TreeMap<String, SimulatedFile> names = new TreeMap<>();
    private final TreeMap<String, SimulatedFile> durableNames = new TreeMap<>();
    private double failingForces;
    private double failingWrites;
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private long capacityBytes = Long.MAX_VALUE;
    private boolean off;
    private boolean failed;
    private boolean refusedRoom;

    FaultyDisk(Random random) {
        this.random = random;
    }

    // ---- what a test does to it

    /** The power fails in the midst of the n-th operation from now on; after that, all operations fail. */
    void crashAfter(long n) {
        crashAt = operations + n;
    }

    /** From now on this share of forces, of files and of the directory, fails. */
    void failForces(double share) {
        failingForces = share;
    }

    /** From now on this share of writes finds the disk full. */
    void failWrites(double share) {
        failingWrites = share;
    }

    /** From now on files may grow by so many bytes in all; the greatest number sets no limit. */
    void limitTo(long freeBytes) {
        capacityBytes = freeBytes == Long.MAX_VALUE ? freeBytes : usedBytes() + freeBytes;
    }

    /** Whether it may be full, or said so in this life. */
    boolean mayBeFull() {
        return refusedRoom || capacityBytes != Long.MAX_VALUE;
    }

    private long usedBytes() {
        return names.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    /** How many bytes at the end of a write find no room. */
    private int excess(SimulatedFile file, long end) {
        long growth = Math.max(0, end - file.size());
        return capacityBytes != Long.MAX_VALUE
                ? (int) Math.min(growth, Math.max(0, usedBytes() + growth - capacityBytes))
                : 0;
    }

    /** Whether it has crashed and not been restarted. */
    boolean isOff() {
        return off;
    }

    /** Whether a write or a force of a log file, or a sync of the directory, has failed in this life. */
    boolean hasFailed() {
        return failed;
    }

    /** A new life of the process begins, with the disk as it is. */
    void forgetFailures() {
        failed = false;
        refusedRoom = false;
    }

    /** The process has died and another begins: what was written is there, forced or not. */
    void restart() {
        off = false;
        crashAt = Long.MAX_VALUE;
    }

    /** The power fails, and comes back: what was not forced may be gone. */
    void cutPower() {
        unsyncedNames.forEach(change -> {
            if (random.nextBoolean()) {
                change.run();
            }
        });
        unsyncedNames.clear();
        names = new TreeMap<>(durableNames);
        names.values().forEach(file -> file.losePower(random));
        restart();
    }

    // ---- what the log asks of it

    @Override
    public List<String> list() throws IOException {
        requirePower();
        return List.copyOf(names.keySet());
    }

    @Override
    public LogFile create(String name) throws IOException {
        operate();
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        SimulatedFile file = new SimulatedFile();
        names.put(name, file);
        unsyncedNames.add(() -> durableNames.put(name, file));
        return new Handle(name, file);
    }

    @Override
    public LogFile open(String name) throws IOException {
        requirePower();
        SimulatedFile file = names.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return new Handle(name, file);
    }

    @Override
    public LogFile openToWrite(String name) throws IOException {
        return open(name);
    }

    @Override
    public void force(String name) throws IOException {
        open(name).force();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        operate();
        SimulatedFile file = names.remove(from);
        if (file == null) {
            throw new NoSuchFileException(from);
        }
        names.put(to, file);
        unsyncedNames.add(() -> {
            durableNames.remove(from);
            durableNames.put(to, file);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        operate();
        names.remove(name);
        unsyncedNames.add(() -> durableNames.remove(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        operate();
        if (random.nextDouble() < failingForces) {
            failed = true;
            unsyncedNames.clear();
            throw new IOException("Input/output error (simulated)");
        }
        unsyncedNames.forEach(Runnable::run);
        unsyncedNames.clear();
    }

    @Override
    public String describe(String name) {
        return "simulated/" + name;
    }

    private void requirePower() throws IOException {
        if (off) {
            throw new IOException("the power is off (simulated)");
        }
    }

    /** Counts an operation that changes something, and fails it if it is the one in which the power does. */
    private void operate() throws IOException {
        requirePower();
        operations++;
        if (operations == crashAt) {
            off = true;
            throw new IOException("the power fails (simulated)");
        }
    }

    private static boolean isBlank(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private final class Handle implements LogFile {
        private final String name;
        private final SimulatedFile file;

        Handle(String name, SimulatedFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public void write(long position, byte[] source, int offset, int length) throws IOException {
            try {
                operate();
            } catch (IOException crash) {
                if (random.nextBoolean()) {
                    file.write(position, source, offset, length);
                }
                throw crash;
            }
            int excess = excess(file, position + length);
            if (excess > 0) {
                file.write(position, source, offset, length - excess);
                throw new IOException("No space left on device (simulated)");
            }
            if (random.nextDouble() < failingWrites) {
                if (isBlank(source, offset, length)) { // room asked for: nothing is lost without it
                    refusedRoom = true;
                } else {
                    noteFailure();
                }
                file.write(position, source, offset, random.nextInt(length + 1));
                throw new IOException("No space left on device (simulated)");
            }
            file.write(position, source, offset, length);
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            requirePower();
            return file.read(position, target, offset, length);
        }

        @Override
        public void force() throws IOException {
            operate();
            if (random.nextDouble() < failingForces) {
                noteFailure();
                file.dropUnforced();
                throw new IOException("Input/output error (simulated)");
            }
            file.force();
        }

        private void noteFailure() {
            failed |= !name.startsWith("outbox.json") && !name.startsWith("outbox.index");
        }

        @Override
        public long size() throws IOException {
            requirePower();
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            operate();
            file.truncate(size);
        }

        @Override
        public void close() {}
    }

    /** An inode: what a reader sees, what the disk holds, and the writes between the two. */
    private static final class SimulatedFile {
        private static final int SECTOR = 512;

        private static final class Write {
            final int position;
            final byte[] bytes;

            Write(int position, byte[] bytes) {
                this.position = position;
                this.bytes = bytes;
            }
        }

        private byte[] seen = {};
        private byte[] durable = {};
        private final List<Write> unforced = new ArrayList<>();

        void write(long position, byte[] source, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(source, offset, offset + length);
            Write write = new Write((int) position, bytes);
            seen = apply(seen, write, 0, length);
            unforced.add(write);
        }

        int read(long position, byte[] target, int offset, int length) {
            int count = (int) Math.max(0, Math.min(length, seen.length - position));
            if (count > 0) {
                System.arraycopy(seen, (int) position, target, offset, count);
            }
            return count;
        }

        long size() {
            return seen.length;
        }

        void truncate(long size) {
            seen = Arrays.copyOf(seen, (int) size);
        }

        /** Writes only what is still known to be unforced: what a failed force dropped stays lost. */
        void force() {
            unforced.forEach(write -> durable = apply(durable, write, 0, write.bytes.length));
            unforced.clear();
        }

        void dropUnforced() {
            unforced.clear();
        }

        void losePower(Random random) {
            Collections.shuffle(unforced, random);
            for (Write write : unforced) {
                lose(write, random);
            }
            unforced.clear();
            seen = durable.clone();
        }

        private void lose(Write write, Random random) {
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> durable = grown(durable, write.position + write.bytes.length);
                case 2 -> durable = apply(durable, write, 0, write.bytes.length);
                default -> tear(write, random);
            }
        }

        private void tear(Write write, Random random) {
            int from = 0;
            while (from < write.bytes.length) {
                int to = Math.min(write.bytes.length, from + SECTOR - Math.floorMod(write.position + from, SECTOR));
                if (random.nextBoolean()) {
                    durable = apply(durable, write, from, to);
                }
                from = to;
            }
        }

        private static byte[] apply(byte[] content, Write write, int from, int to) {
            byte[] changed = grown(content, write.position + to);
            System.arraycopy(write.bytes, from, changed, write.position + from, to - from);
            return changed;
        }

        private static byte[] grown(byte[] content, int size) {
            return size <= content.length ? content : Arrays.copyOf(content, size);
        }
    }
}
