package dev.tidesync.engine.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes files that nobody but their owner may read, where the file system knows such a thing. */
final class PrivateFiles {
    private static final FileAttribute<?>[] ANY = {};

    private PrivateFiles() {}

    /** Creates an empty file of mode 0600; does nothing if it exists. */
    static void create(Path file) throws IOException {
        try {
            Files.createFile(file, mode(file, "rw-------"));
        } catch (FileAlreadyExistsException exists) {
            // as wanted; whoever made it chose its mode
        }
    }

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        FileSystem fileSystem = path.getFileSystem();
        return fileSystem.supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : ANY;
    }
}
