package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.OwnFiles;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which a node notes where it listens, for the command that shows it; it may be of a run that is over. */
final class ListeningFile {
    private static final String NAME = "listening";

    private ListeningFile() {}

    static void note(Path directory, InetSocketAddress address) throws IOException {
        Path file = directory.resolve(NAME);
        OwnFiles.whileLocked(file, () -> OwnFiles.replace(file, PeerAddress.of(address) + "\n"));
    }

    /** Where a node listens or last listened; empty if it never did. */
    static Optional<PeerAddress> read(Path directory) throws IOException {
        try {
            return Optional.of(
                    PeerAddress.parse(Files.readString(directory.resolve(NAME)).trim()));
        } catch (NoSuchFileException never) {
            return Optional.empty();
        }
    }
}
