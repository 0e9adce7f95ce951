package dev.tidesync.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The limit of every log: a file that is written at its end and forced, with nothing around it. */
final class BareFile implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer bytes;

    /** An empty file; so many bytes will be written at a time. */
    BareFile(Path file, int bytesAtATime) throws IOException {
        bytes = ByteBuffer.allocateDirect(bytesAtATime);
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    void writeAndForce() throws IOException {
        channel.write(bytes.clear());
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
