package dev.tidesync.transport.p2p.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How this plugin changes the few small files it keeps: readable by their owner alone, replaced whole or not at all,
 * and by one process at a time.
 *
 * <p><b>Durability:</b> what was written has been forced to disk when a method returns. <b>Limits:</b> the lock is one
 * of the operating system's, which some network file systems do not keep.
 */
public final class OwnFiles {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private OwnFiles() {}

    /** Something done with a file. */
    @FunctionalInterface
    public interface Change {
        /** Does it. */
        void run() throws IOException;
    }

    /** Runs the change while no other thread or process runs one for the same file; makes its directory. */
    public static void whileLocked(Path file, Change change) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = create(lockFile);
                FileLock held = lock(channel)) {
            assert held.isValid();
            change.run();
        }
    }

    /** Within one JVM a second lock is an exception instead of a wait. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException heldByAnotherThread) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Replaces the file's text; a reader sees the old or the new one, whole. Only while it is locked. */
    public static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(next);
        try (FileChannel channel = create(next)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file);
    }

    private static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && hasPosixPermissions(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileChannel create(Path file) throws IOException {
        FileAttribute<?>[] ownerOnly = hasPosixPermissions(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly);
    }

    static boolean hasPosixPermissions(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS) != null;
    }
}
