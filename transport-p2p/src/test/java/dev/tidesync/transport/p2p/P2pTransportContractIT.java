package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.tck.Received;
import dev.tidesync.tck.TransportContract;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The rules that hold for every transport. */
class P2pTransportContractIT extends TransportContract {
    @TempDir
    private static Path directory = Path.of("");

    private @Nullable TestNode other;

    private TestNode other() {
        if (other == null) {
            other = new TestNode(directory.resolve("other"));
        }
        return other;
    }

    @AfterEach
    void stopTheOther() {
        other().close();
    }

    @Override
    protected SyncTransportProvider provider() {
        return new P2pTransportProvider();
    }

    @Override
    protected Map<String, String> settings() {
        Path key = directory.resolve("key.pem");
        Path peers = directory.resolve("peers.txt");
        try {
            Identity own = new KeyFile(key).loadOrCreate();
            other().book().allow("tested", own.id(), List.of());
            PeerBook book = new PeerBook(peers);
            book.allow("other", other().id(), List.of(other().address()));
            if (book.current().find("gone").isEmpty()) {
                book.allow("gone", Identity.create().id(), List.of(new PeerAddress("127.0.0.1", 1)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return Map.of(
                "key-file",
                key.toString(),
                "peers-file",
                peers.toString(),
                "reconnect.min",
                "1ms",
                "reconnect.max",
                "2ms");
    }

    @Override
    protected Operation deliverable() {
        return TestNode.message("other", "hello");
    }

    @Override
    protected List<Received> received() {
        return other().inbox.effects.stream()
                .map(operation -> Received.of(operation.payload(), operation.idempotencyKey()))
                .toList();
    }

    @Override
    protected Optional<Operation> unreachable() {
        return Optional.of(TestNode.message("gone", "hello"));
    }

    @Override
    protected Optional<Operation> malformed() {
        return Optional.of(TestNode.message("no such name", "hello"));
    }

    @Override
    protected Optional<Operation> refused() {
        return Optional.of(TestNode.message("other", "conflict"));
    }

    @Override
    protected Optional<Operation> unanswered() {
        return Optional.of(TestNode.message("other", "silence"));
    }
}
