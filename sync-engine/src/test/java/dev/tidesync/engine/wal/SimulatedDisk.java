package dev.tidesync.engine.wal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk that does what real ones are allowed to do. What was not forced is, after a crash, lost, kept or torn at
 * sectors of 512 bytes, in any order, sizes apart from content; names are durable only after the directory was synced;
 * a failed force drops what was written, and the next one succeeds. Safe for use by many threads.
 */
public final class SimulatedDisk implements LogStorage {
    /** The power went out: thrown by the operation it hit, and by all that follow until {@link #restart}. */
    public static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crash(String operation) {
            super("simulated crash at " + operation, null, false, false);
        }
    }

    /** What becomes of that which was not forced. */
    public enum Survival {
        NOTHING,
        ANYTHING,
        EVERYTHING
    }

    private static final int SECTOR_BYTES = 512;

    /** A write, or without bytes a new size. */
    private static final class Change {
        private final long position;
        private final byte @Nullable [] bytes;

        Change(long position, byte @Nullable [] bytes) {
            this.position = position;
            this.bytes = bytes;
        }

        byte[] applyTo(byte[] content) {
            if (bytes == null) {
                return sized(content, (int) position);
            }
            byte[] grown = grown(content, bytes);
            System.arraycopy(bytes, 0, grown, (int) position, bytes.length);
            return grown;
        }

        byte[] applyTornTo(byte[] content, Random random) {
            if (bytes == null) {
                return sized(content, (int) position);
            }
            byte[] grown = grown(content, bytes);
            int length;
            for (int at = 0; at < bytes.length; at += length) {
                int inSector = SECTOR_BYTES - (int) ((position + at) % SECTOR_BYTES);
                length = Math.min(inSector, bytes.length - at);
                if (random.nextBoolean()) {
                    System.arraycopy(bytes, at, grown, (int) position + at, length);
                }
            }
            return grown;
        }

        private byte[] grown(byte[] content, byte[] written) {
            return sized(content, Math.max(content.length, (int) position + written.length));
        }

        private static byte[] sized(byte[] content, int size) {
            return content.length == size ? content : Arrays.copyOf(content, size);
        }
    }

    private record NameChange(
            @Nullable String removed,
            @Nullable String added,
            @Nullable Inode inode) {}

    private static final class Inode {
        byte[] cached = {};
        byte[] durable = {};
        final List<Change> pending = new ArrayList<>();
    }

    private final Random random;
    private Map<String, Inode> names = new TreeMap<>();
    private Map<String, Inode> durableNames = new TreeMap<>();
    private final List<NameChange> pendingNames = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();
    private long operations;
    private long crashAt = -1;
    private boolean crashed;
    private long life;
    private int forcesToFail;
    private int writesToFail;
    private long capacityBytes = Long.MAX_VALUE;
    private long forces;
    private boolean liesAboutForces;
    private boolean liesAboutDirectorySyncs;

    public SimulatedDisk(long seed) {
        this.random = new Random(seed);
    }

    /** Crashes at the n-th operation from now: 1 is the next. */
    public synchronized void crashAfter(long count) {
        crashAt = operations + count;
    }

    /** Cuts the power now. */
    public synchronized void crash() {
        crashed = true;
    }

    /** The power comes back: handles are gone, and so is what the disk chose to lose. */
    public synchronized void restart(Survival survival) {
        settleNames(survival);
        durableNames.values().forEach(inode -> settle(inode, survival));
        names = new TreeMap<>(durableNames);
        crashed = false;
        crashAt = -1;
        life++;
    }

    private void settleNames(Survival survival) {
        for (NameChange change : pendingNames) {
            if (survives(survival)) {
                apply(durableNames, change);
            }
        }
        pendingNames.clear();
    }

    private void settle(Inode inode, Survival survival) {
        List<Change> changes = new ArrayList<>(inode.pending);
        inode.pending.clear();
        if (survival == Survival.ANYTHING) {
            Collections.shuffle(changes, random);
        }
        for (Change change : changes) {
            if (survives(survival)) {
                applyTorn(inode, change, survival);
            }
        }
        inode.cached = inode.durable.clone();
    }

    private boolean survives(Survival survival) {
        return survival == Survival.EVERYTHING || (survival == Survival.ANYTHING && random.nextInt(3) > 0);
    }

    private void applyTorn(Inode inode, Change change, Survival survival) {
        boolean torn = survival == Survival.ANYTHING && random.nextBoolean();
        inode.durable = torn ? change.applyTornTo(inode.durable, random) : change.applyTo(inode.durable);
    }

    private static void apply(Map<String, Inode> directory, NameChange change) {
        if (change.removed() != null) {
            directory.remove(change.removed());
        }
        if (change.added() != null && change.inode() != null) {
            directory.put(change.added(), change.inode());
        }
    }

    /** The next forces fail and lose what they should have kept. */
    public synchronized void failForces(int count) {
        forcesToFail = count;
    }

    /** The next writes fail, having written half. */
    public synchronized void failWrites(int count) {
        writesToFail = count;
    }

    /** How many bytes files may still grow by before the disk is full; deleting and cutting gives room free. */
    public synchronized void freeBytes(long bytes) {
        capacityBytes = bytes == Long.MAX_VALUE ? bytes : usedBytes() + bytes;
    }

    /** How many bytes all files take. */
    public synchronized long usedBytes() {
        return names.values().stream().mapToLong(inode -> inode.cached.length).sum();
    }

    /** From now on the disk says that it forced a file, and did not: to show that a test would notice. */
    public synchronized void lieAboutForces() {
        liesAboutForces = true;
    }

    /** From now on the disk says that it synced the directory, and did not: to show that a test would notice. */
    public synchronized void lieAboutDirectorySyncs() {
        liesAboutDirectorySyncs = true;
    }

    /** How many operations there were. */
    public synchronized long operations() {
        return operations;
    }

    /** How many forces of files succeeded. */
    public synchronized long forces() {
        return forces;
    }

    /** The operations since the last call, for a test that counts or names them. */
    public synchronized List<String> takeJournal() {
        List<String> taken = List.copyOf(journal);
        journal.clear();
        return taken;
    }

    /** What a file holds, as a reader sees it. */
    public synchronized byte[] content(String name) throws IOException {
        return inode(name).cached.clone();
    }

    /** Replaces a file's content, durably: for planting damage. */
    public synchronized void replace(String name, byte[] content) {
        Inode inode = names.computeIfAbsent(name, unseen -> new Inode());
        inode.pending.clear();
        inode.cached = content.clone();
        inode.durable = content.clone();
        durableNames.put(name, inode);
    }

    /** Removes a file, durably: for planting damage. */
    public synchronized void remove(String name) {
        names.remove(name);
        durableNames.remove(name);
    }

    private void step(String operation) {
        if (crashed) {
            throw new Crash(operation);
        }
        operations++;
        journal.add(operation);
        if (operations == crashAt) {
            crashed = true;
            throw new Crash(operation);
        }
    }

    private Inode inode(String name) throws NoSuchFileException {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return inode;
    }

    private void change(NameChange change) {
        pendingNames.add(change);
        apply(names, change);
    }

    @Override
    public synchronized List<String> list() {
        step("list");
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Inode inode = new Inode();
        change(new NameChange(null, name, inode));
        step("create " + name);
        return new Handle(name, inode, life);
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        step("open " + name);
        return new Handle(name, inode(name), life);
    }

    @Override
    public synchronized LogFile openToWrite(String name) throws IOException {
        return open(name);
    }

    @Override
    public synchronized void force(String name) throws IOException {
        new Handle(name, inode(name), life).force();
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change(new NameChange(from, to, inode(from)));
        step("rename " + from + " to " + to);
    }

    @Override
    public synchronized void delete(String name) {
        change(new NameChange(name, null, null));
        step("delete " + name);
    }

    @Override
    public synchronized void syncDirectory() {
        step("sync directory");
        if (liesAboutDirectorySyncs) {
            return;
        }
        pendingNames.forEach(change -> apply(durableNames, change));
        pendingNames.clear();
    }

    @Override
    public String describe(String name) {
        return "simulated/" + name;
    }

    private final class Handle implements LogFile {
        private final String name;
        private final Inode inode;
        private final long openedIn;

        Handle(String name, Inode inode, long openedIn) {
            this.name = name;
            this.inode = inode;
            this.openedIn = openedIn;
        }

        private void begin(String operation) {
            if (openedIn != life) {
                throw new Crash(operation + " through a handle of an earlier life");
            }
            step(operation + " " + name);
        }

        @Override
        public void write(long position, byte[] source, int offset, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                byte[] bytes = Arrays.copyOfRange(source, offset, offset + length);
                boolean lives = !crashed && openedIn == life;
                if (lives && operations + 1 == crashAt) {
                    change(position, bytes);
                }
                begin("write");
                writeOrFail(position, bytes);
            }
        }

        private void writeOrFail(long position, byte[] bytes) throws IOException {
            long growth = Math.max(0, position + bytes.length - inode.cached.length);
            if (writesToFail > 0) {
                writesToFail--;
                change(position, Arrays.copyOf(bytes, bytes.length / 2));
                throw new IOException("Input/output error");
            }
            long freeBytes = capacityBytes == Long.MAX_VALUE ? growth : Math.max(0, capacityBytes - usedBytes());
            if (growth > freeBytes) {
                change(position, Arrays.copyOf(bytes, (int) (bytes.length - growth + freeBytes)));
                throw new IOException("No space left on device");
            }
            change(position, bytes);
        }

        private void change(long position, byte[] bytes) {
            long end = position + bytes.length;
            if (end > inode.cached.length) {
                inode.pending.add(new Change(end, null));
            }
            Change change = new Change(position, bytes);
            inode.pending.add(change);
            inode.cached = change.applyTo(inode.cached);
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) {
            synchronized (SimulatedDisk.this) {
                begin("read");
                int count = (int) Math.max(0, Math.min(length, inode.cached.length - position));
                System.arraycopy(inode.cached, (int) Math.min(position, inode.cached.length), target, offset, count);
                return count;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimulatedDisk.this) {
                begin("force");
                if (forcesToFail > 0) {
                    forcesToFail--;
                    inode.pending.clear();
                    throw new IOException("Input/output error");
                }
                if (liesAboutForces) {
                    return;
                }
                inode.pending.forEach(change -> inode.durable = change.applyTo(inode.durable));
                inode.pending.clear();
                forces++;
            }
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                begin("size");
                return inode.cached.length;
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (SimulatedDisk.this) {
                begin("truncate");
                Change change = new Change(size, null);
                inode.pending.add(change);
                inode.cached = change.applyTo(inode.cached);
            }
        }

        @Override
        public void close() {
            // Nothing is kept open, and closing makes nothing durable.
        }
    }
}
