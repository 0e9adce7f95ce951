package dev.tidesync.engine.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path named at one time. While the file is open its path may come to name another one, or none: whoever
 * goes on writing then writes into a file that nobody will ever find. Immutable.
 */
final class FileIdentity {
    private final Path path;

    /** Device and inode; null where files have no such key, as on Windows, which lets nobody delete an open file. */
    private final @Nullable Object key;

    private FileIdentity(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /** The file that the path names now. */
    static FileIdentity of(Path path) throws IOException {
        return new FileIdentity(path, key(path));
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /**
     * Does nothing as long as the path names the same file.
     *
     * @throws IOException if it was deleted, moved or replaced
     */
    void require() throws IOException {
        if (key != null && !key.equals(keyNow())) {
            throw new IOException(path + " was deleted, moved or replaced while it was in use;"
                    + " what was acknowledged before that is in the old file, if anybody has kept it");
        }
    }

    private @Nullable Object keyNow() throws IOException {
        try {
            return key(path);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }
}
