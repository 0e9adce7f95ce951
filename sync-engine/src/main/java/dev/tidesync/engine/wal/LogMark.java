package dev.tidesync.engine.wal;

import java.util.List;
import java.util.UUID;

/**
 * A place in one particular log, for whoever keeps what all records before it come to: opened with such a mark, a log
 * hands over only what lies behind it. The record that lies there, and what is said here of the files before it, tell
 * the log from every other, also from an earlier state of itself that was brought back from a backup.
 *
 * @param storeId the log's id
 * @param offset where the record lies that stands for the mark
 * @param segments the files of the log up to the one that holds the mark, oldest first
 */
public record LogMark(UUID storeId, long offset, List<Part> segments) {
    /**
     * A file of the log.
     *
     * @param number the segment's number
     * @param base the logical offset of its first frame
     * @param salt what its checksums begin with, drawn at random when it was made
     * @param bytes how long the file was, at least
     */
    public record Part(long number, long base, int salt, long bytes) {}

    /** Copies the list. */
    public LogMark {
        segments = List.copyOf(segments);
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a mark lies in a segment, but none was given");
        }
    }

    /** The file that holds the mark. */
    Part last() {
        return segments.get(segments.size() - 1);
    }

    /** Where the log began when the mark was made. */
    WalRecord.LogBegins begins() {
        return new WalRecord.LogBegins(segments.get(0).number(), segments.get(0).base());
    }
}
