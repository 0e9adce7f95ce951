package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where the owner of an outbox listens: what {@code control.json} in the data directory says. The socket itself lies
 * elsewhere, since the path of a Unix-domain socket is limited to about 100 bytes.
 *
 * @param socket the socket's path
 * @param pid the process that listens
 */
record ControlPoint(Path socket, long pid) {
    private static final String FILE_NAME = "control.json";
    private static final String RUNTIME_DIRECTORY_PREFIX = "tidesync-";

    /** The control point that the data directory names; empty if none is there or the file is damaged. */
    static Optional<ControlPoint> read(Path dataDirectory) throws IOException {
        try {
            JsonNode json = OperationJson.parse(Files.readAllBytes(dataDirectory.resolve(FILE_NAME)));
            String socket = json.path("socket").asText("");
            return socket.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new ControlPoint(Path.of(socket), json.path("pid").asLong()));
        } catch (NoSuchFileException nobodyListens) {
            return Optional.empty();
        } catch (IllegalArgumentException halfWritten) {
            return Optional.empty();
        }
    }

    /** A control point in a new runtime directory that only this user may enter. */
    static ControlPoint create() throws IOException {
        Path runtimeDirectory = Files.createTempDirectory(RUNTIME_DIRECTORY_PREFIX);
        return new ControlPoint(
                runtimeDirectory.resolve("control"), ProcessHandle.current().pid());
    }

    /** Makes the data directory point here; whoever reads the file meanwhile sees the old one or the new one. */
    void publish(Path dataDirectory) throws IOException {
        Path draft = Files.createTempFile(dataDirectory, FILE_NAME, ".tmp");
        try {
            write(draft);
            Files.move(draft, dataDirectory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            Files.deleteIfExists(draft);
            throw failure;
        }
    }

    private void write(Path draft) throws IOException {
        Files.write(
                draft,
                OperationJson.MAPPER.writeValueAsBytes(OperationJson.MAPPER
                        .createObjectNode()
                        .put("version", ControlProtocol.VERSION)
                        .put("socket", socket.toString())
                        .put("pid", pid)));
    }

    /** Takes the sign down and removes the socket with its directory. */
    void withdraw(Path dataDirectory) throws IOException {
        if (read(dataDirectory).filter(this::equals).isPresent()) {
            Files.deleteIfExists(dataDirectory.resolve(FILE_NAME));
        }
        removeSocket();
    }

    /** Removes the socket and its directory, if they are what {@link #create} makes and so ours to remove. */
    void removeSocket() throws IOException {
        Path runtimeDirectory = socket.getParent();
        if (runtimeDirectory != null && isRuntimeDirectory(runtimeDirectory)) {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(runtimeDirectory);
        }
    }

    private static boolean isRuntimeDirectory(Path directory) throws IOException {
        Path name = directory.getFileName();
        return name != null
                && name.toString().startsWith(RUNTIME_DIRECTORY_PREFIX)
                && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))
                        .equals("rwx------");
    }
}
