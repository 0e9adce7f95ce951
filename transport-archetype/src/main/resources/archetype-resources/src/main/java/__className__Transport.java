package ${package};

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;

/**
 * Delivers {@code ${id}.append}: one line, {@code <idempotency key><TAB><payload in Base64>}, at the end of the file that
 * the target names, relative to a directory. The operation is delivered once the line has been forced to disk.
 *
 * <p>A crash between the force and the record of it makes the engine send again: whoever reads the file takes the first
 * line of each key.
 *
 * <p><b>Threads:</b> safe for use by many threads, which append one after another.
 */
final class ${className}Transport implements ISyncTransport {
    private static final String APPEND = "${id}.append";

    private final Path directory;

    // guarded by this
    private boolean closed;

    ${className}Transport(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public SendResult send(Operation operation) {
        if (!operation.kind().equals(APPEND)) {
            return SendResult.permanent("the ${id} transport knows " + APPEND + ", not " + operation.kind())
                    .withCode("${id}.unknown-kind");
        }
        return fileFor(operation.target())
                .map(file -> append(file, lineOf(operation)))
                .orElseGet(() -> SendResult.permanent("the target must be a path inside the configured directory")
                        .withCode("${id}.bad-target"));
    }

    /** The file, unless the target is no path or leads out of the directory. */
    private Optional<Path> fileFor(String target) {
        try {
            Path file = directory.resolve(target).normalize();
            return file.startsWith(directory) && !file.equals(directory) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    private static byte[] lineOf(Operation operation) {
        String payload = Base64.getEncoder().encodeToString(operation.payload());
        return (operation.idempotencyKey() + "\t" + payload + "\n").getBytes(US_ASCII);
    }

    private synchronized SendResult append(Path file, byte[] line) {
        if (closed) {
            return away("the ${id} transport is closed");
        }
        if (!Files.isDirectory(file.getParent())) {
            return away("directory " + file.getParent() + " is not there");
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            appendWhole(channel, ByteBuffer.wrap(line));
            return SendResult.delivered();
        } catch (IOException failure) {
            return away("cannot append to " + file + ": " + failure);
        }
    }

    /** A line that a crash or a full disk left unfinished is cut off first. */
    private static void appendWhole(FileChannel channel, ByteBuffer line) throws IOException {
        channel.truncate(endOfLastLine(channel));
        channel.position(channel.size());
        while (line.hasRemaining()) {
            channel.write(line);
        }
        channel.force(true);
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        long end = channel.size();
        while (end > 0) {
            channel.read(last.clear(), end - 1);
            if (last.get(0) == '\n') {
                break;
            }
            end--;
        }
        return end;
    }

    /** The destination is at fault, not the operation: it is kept, uncharged, until the destination is back. */
    private static SendResult away(String why) {
        return SendResult.retryable(why).withCode("${id}.unavailable").withScope(SendResult.Scope.TARGET);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
