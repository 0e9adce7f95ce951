package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;

/**
 * One open file of a {@link LogStorage}, read and written at positions.
 *
 * <p><b>Threads:</b> reads may run beside each other and beside one writer; two writes must not overlap. An interrupted
 * thread does not close the file.
 */
public interface LogFile extends Closeable {
    /** Writes all {@code length} bytes at {@code position}; durable only after {@link #force()}. */
    void write(long position, byte[] source, int offset, int length) throws IOException;

    /**
     * Reads up to {@code length} bytes at {@code position}; fewer only where the file ends.
     *
     * @return how many were read; 0 at or past the end
     */
    int read(long position, byte[] target, int offset, int length) throws IOException;

    /**
     * Forces what was written to the disk. When this returns, content and size survive a power cut; the file's name
     * does only after {@link LogStorage#syncDirectory()}. After it threw, nothing is known of what was written since
     * the last good force, and calling it again proves nothing.
     */
    void force() throws IOException;

    /** The file's size in bytes. */
    long size() throws IOException;

    /** Cuts the file, or extends it with zeros, to {@code size} bytes. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
