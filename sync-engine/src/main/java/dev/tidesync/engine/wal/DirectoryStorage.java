package dev.tidesync.engine.wal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a real file system. Files and directories it makes are for their owner alone, where the file system
 * knows of owners.
 *
 * <p><b>Limits:</b> a network file system may promise a force and not keep it; Windows has no directory sync, and its
 * file systems keep a journal of names instead.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
public final class DirectoryStorage implements LogStorage {
    private final Path directory;
    private final List<FileIdentity> watched = new CopyOnWriteArrayList<>();

    /** The calls that the disk has not answered yet, and when each began, on nanoTime. */
    private final Map<Object, Long> underWay = new ConcurrentHashMap<>();

    private DirectoryStorage(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens a directory. Those on its path that are missing are made, each durably.
     *
     * @throws IOException if a directory cannot be made
     */
    public static DirectoryStorage open(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        createDirectories(absolute);
        return new DirectoryStorage(absolute);
    }

    private static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
        if (parent != null) {
            sync(parent);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * From now on a force fails if this file has been deleted, moved or replaced, as it does for the forced file
     * itself: for a lock file, whose loss lets others in.
     *
     * @throws IOException if there is no such file now
     */
    public void keepWatchOver(Path file) throws IOException {
        watched.add(FileIdentity.of(file));
    }

    /**
     * How long the disk has kept a write or a force without an answer, which is how one that hangs shows itself: no
     * error comes from it. Zero if it keeps none.
     */
    public Duration stalledFor() {
        long nowNanos = System.nanoTime();
        long longest = underWay.values().stream()
                .mapToLong(begunNanos -> nowNanos - begunNanos)
                .max()
                .orElse(0);
        return Duration.ofNanos(Math.max(0, longest));
    }

    /** A call to the disk. */
    @FunctionalInterface
    private interface DiskCall {
        void run() throws IOException;
    }

    private void timed(DiskCall call) throws IOException {
        Object key = new Object();
        underWay.put(key, System.nanoTime());
        try {
            call.run();
        } finally {
            underWay.remove(key);
        }
    }

    private void requireNothingReplaced() throws IOException {
        for (FileIdentity file : watched) {
            file.require();
        }
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (java.nio.file.DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public LogFile create(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createFile(file, ownerOnly(file, "rw-------"));
        return DirectoryFile.writable(file, this);
    }

    @Override
    public LogFile open(String name) throws IOException {
        return DirectoryFile.readOnly(existing(name), this);
    }

    @Override
    public LogFile openToWrite(String name) throws IOException {
        return DirectoryFile.writable(existing(name), this);
    }

    private Path existing(String name) throws NoSuchFileException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file;
    }

    @Override
    public void force(String name) throws IOException {
        try (LogFile file = openToWrite(name)) {
            file.force();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = directory.resolve(from);
        Path destination = directory.resolve(to);
        try {
            Files.move(source, destination, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException unsupported) {
            throw new IOException(
                    "cannot rename " + source + " to " + to + " at one stroke; use another file system", unsupported);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        if (java.io.File.separatorChar == '\\') {
            return; // Windows cannot open a directory as a file; see the class comment.
        }
        boolean interrupted = false;
        try {
            while (!syncUnlessInterrupted(directory)) {
                interrupted = true;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A directory can only be synced through a channel, and an interrupt closes that: false if it did. */
    private static boolean syncUnlessInterrupted(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException interrupt) {
            Thread.interrupted(); // kept by the caller
            return false;
        }
    }

    @Override
    public String describe(String name) {
        return directory.resolve(name).toString();
    }

    /**
     * A file through {@link RandomAccessFile}, which, other than a {@link FileChannel}, an interrupt of its thread does
     * not close. It is forced through an asynchronous channel, which an interrupt does not close either: that one can
     * force the content alone (fdatasync), so that a force within space already written waits for no journal.
     */
    private static final class DirectoryFile implements LogFile {
        private final RandomAccessFile file;
        private final @Nullable AsynchronousFileChannel forcing;
        private final DirectoryStorage storage;
        private final FileIdentity identity;

        private DirectoryFile(
                RandomAccessFile file, @Nullable AsynchronousFileChannel forcing, DirectoryStorage storage, Path path)
                throws IOException {
            this.file = file;
            this.forcing = forcing;
            this.storage = storage;
            this.identity = FileIdentity.of(path);
        }

        static DirectoryFile writable(Path path, DirectoryStorage storage) throws IOException {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                return new DirectoryFile(
                        file, AsynchronousFileChannel.open(path, StandardOpenOption.WRITE), storage, path);
            } catch (IOException | RuntimeException failure) {
                file.close();
                throw failure;
            }
        }

        static DirectoryFile readOnly(Path path, DirectoryStorage storage) throws IOException {
            return new DirectoryFile(new RandomAccessFile(path.toFile(), "r"), null, storage, path);
        }

        @Override
        public synchronized void write(long position, byte[] source, int offset, int length) throws IOException {
            storage.timed(() -> {
                file.seek(position);
                file.write(source, offset, length);
            });
        }

        @Override
        public synchronized int read(long position, byte[] target, int offset, int length) throws IOException {
            file.seek(position);
            int total = 0;
            int count = 0;
            while (total < length && count >= 0) {
                count = file.read(target, offset + total, length - total);
                total += Math.max(count, 0);
            }
            return total;
        }

        /** Looked at afterwards: what was forced into a file that no path names any more is not kept. */
        @Override
        public void force() throws IOException {
            AsynchronousFileChannel channel = forcing;
            if (channel == null) {
                throw new AssertionError("a file opened to be read is not forced");
            }
            storage.timed(() -> channel.force(false));
            identity.require();
            storage.requireNothingReplaced();
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.setLength(size);
        }

        @Override
        public void close() throws IOException {
            try (file) {
                if (forcing != null) {
                    forcing.close();
                }
            }
        }
    }
}
