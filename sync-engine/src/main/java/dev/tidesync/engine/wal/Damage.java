package dev.tidesync.engine.wal;

/**
 * A stretch of the log that was durable once and can no longer be read. The file is left as it is, so that the evidence
 * stays.
 *
 * @param file the segment's file name
 * @param position where in the file it begins, in bytes
 * @param bytes how long it is
 * @param problem what was expected and what was found
 * @param recordsAfter how many records behind it in the same file could be read and are kept
 */
public record Damage(String file, long position, long bytes, String problem, long recordsAfter) {
    /** One sentence for a person. */
    public String message() {
        return file + " is damaged at offset " + position + ": " + problem + "; " + recordsAfter
                + " records after it kept";
    }
}
