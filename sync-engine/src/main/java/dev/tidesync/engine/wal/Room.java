package dev.tidesync.engine.wal;

import java.io.IOException;

/**
 * Takes room on the disk ahead of what will stand there, by writing zeros: they mean nothing to a reader, and what is
 * written over them later needs no more room, nor a longer force than one that leaves the file's size alone.
 */
final class Room {
    /** How much is written at once. */
    private static final byte[] ZEROS = new byte[1024 * 1024];

    private Room() {}

    /** Fills a file with zeros between two positions; what was filled until it failed stays filled. */
    static void take(LogFile file, long from, long to) throws IOException {
        for (long at = from; at < to; at += ZEROS.length) {
            file.write(at, ZEROS, 0, (int) Math.min(ZEROS.length, to - at));
        }
    }
}
