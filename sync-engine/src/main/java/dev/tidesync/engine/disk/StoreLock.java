package dev.tidesync.engine.disk;

import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive right to one outbox or inbox: a lock on a file beside it that says who holds it.
 *
 * <p>A POSIX lock is lost as soon as its process closes <em>any</em> channel to the file, so within a process the file
 * is opened by the holder alone; a table turns the others away before they come near it.
 */
public final class StoreLock {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

    /** Who holds it: process id, command and since when. */
    public record Holder(long pid, String command, Instant since) {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
        private static final DateTimeFormatter DAY_AND_TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

        /** This process, under a name that people will recognise. */
        public static Holder thisProcess(String command, Instant since) {
            return new Holder(ProcessHandle.current().pid(), command, since);
        }

        /** The main class of this process, without its arguments, since these may hold secrets. */
        public static String commandOfThisProcess() {
            String command = System.getProperty("sun.java.command", "java").strip();
            return command.isEmpty() ? "java" : command.split("\\s+", 2)[0];
        }

        private String toText() {
            return pid + "\n" + since.toEpochMilli() + "\n" + command.replace('\n', ' ') + "\n";
        }

        private static @Nullable Holder parse(String text) {
            String[] lines = text.split("\n", 4);
            try {
                return lines.length < 3
                        ? null
                        : new Holder(
                                Long.parseLong(lines[0]), lines[2], Instant.ofEpochMilli(Long.parseLong(lines[1])));
            } catch (NumberFormatException notOurs) {
                return null;
            }
        }

        private String describe(Instant now) {
            ZonedDateTime start = since.atZone(ZoneId.systemDefault());
            boolean today = start.toLocalDate()
                    .equals(now.atZone(ZoneId.systemDefault()).toLocalDate());
            return "process " + pid + " (" + command + ") since " + (today ? TIME : DAY_AND_TIME).format(start);
        }
    }

    private static final Map<Path, Holder> HELD_HERE = new ConcurrentHashMap<>();

    /** Far behind the text, since a locked range cannot be read by others on Windows. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final Path lockFile;
    private final RandomAccessFile file;

    private StoreLock(Path lockFile, RandomAccessFile file) {
        this.lockFile = lockFile;
        this.file = file;
    }

    /**
     * Takes the lock.
     *
     * @param lockFile with a real path, so that one file has one name
     * @param name what is locked, as the user named it, for the message
     * @throws OutboxStoreException if somebody else holds it; names them
     * @throws IOException if the lock file cannot be opened, written or locked
     */
    public static StoreLock acquire(Path lockFile, String name, Holder self) throws IOException {
        Holder other = HELD_HERE.putIfAbsent(lockFile, self);
        if (other != null) {
            throw inUse(name, other, self.since());
        }
        try {
            return new StoreLock(lockFile, lock(lockFile, name, self));
        } catch (IOException | RuntimeException failure) {
            HELD_HERE.remove(lockFile);
            throw failure;
        }
    }

    private static RandomAccessFile lock(Path lockFile, String name, Holder self) throws IOException {
        PrivateFiles.create(lockFile);
        RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
        try {
            FileChannel channel = file.getChannel();
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw inUse(name, Holder.parse(read(file)), self.since());
            }
            writeHolder(file, self);
            return file;
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /** Over what was there, since on a full disk there is no other room. The lock holds without it. */
    private static void writeHolder(RandomAccessFile file, Holder self) {
        try {
            byte[] text = self.toText().getBytes(StandardCharsets.UTF_8);
            file.seek(0);
            file.write(text);
            file.setLength(text.length);
        } catch (IOException failure) {
            LOG.warn("others cannot be told who holds this directory: {}", DiskTrouble.describe(failure));
        }
    }

    private static String read(RandomAccessFile file) throws IOException {
        byte[] text = new byte[(int) Math.min(file.length(), 4096)];
        file.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static OutboxStoreException inUse(String name, @Nullable Holder holder, Instant now) {
        return OutboxStoreException.inUse(name + " is in use by "
                + (holder == null ? "another process" : holder.describe(now))
                + "; stop it, or use another directory");
    }

    /** Gives it free. */
    public void release() {
        try {
            file.close();
        } catch (IOException failure) {
            LOG.warn("the lock file {} could not be closed; it is free once this process ends", lockFile, failure);
        } finally {
            HELD_HERE.remove(lockFile);
        }
    }
}
