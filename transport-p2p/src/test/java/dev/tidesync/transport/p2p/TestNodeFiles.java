package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.IOException;
import java.nio.file.Path;

/** What a command sees of a node that runs in another process. */
record TestNodeFiles(Path directory) {
    NodeId id() throws IOException {
        return new KeyFile(directory.resolve("key.pem")).loadOrCreate().id();
    }

    PeerAddress address() throws IOException {
        return ListeningFile.read(directory).orElseThrow();
    }

    PeerBook book() {
        return new PeerBook(directory.resolve("peers.txt"));
    }
}
