package dev.tidesync.engine.wal;

import java.io.IOException;

/** Bytes that can be read at a position, as {@link LogFile#read} does. */
@FunctionalInterface
interface ByteSource {
    int read(long position, byte[] target, int offset, int length) throws IOException;
}
