package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.List;

/**
 * The directory that a log lives in: all that the log and the store ask of a disk.
 *
 * <p>Names are plain file names without a path. What {@link #create}, {@link #rename} and {@link #delete} did to the
 * directory survives a power cut only after {@link #syncDirectory()}.
 *
 * <p><b>Threads:</b> safe for use by many threads.
 */
public interface LogStorage {
    /** The names of the files in the directory, sorted. */
    List<String> list() throws IOException;

    /**
     * Creates an empty file for reading and writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one of this name
     */
    LogFile create(String name) throws IOException;

    /**
     * Opens a file for reading only.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of this name
     */
    LogFile open(String name) throws IOException;

    /**
     * Opens a file that exists for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of this name
     */
    LogFile openToWrite(String name) throws IOException;

    /** Forces what was written to a file through handles that are closed by now; see {@link LogFile#force}. */
    void force(String name) throws IOException;

    /** Renames a file at one stroke, replacing one that has the new name. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; nothing happens if there is none. */
    void delete(String name) throws IOException;

    /** Makes the names in the directory durable. */
    void syncDirectory() throws IOException;

    /** Where a file is, for messages to people. */
    String describe(String name);
}
