package dev.tidesync.transport.p2p.peers;

import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.identity.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of peers, which several processes change: commands by a person's word, a running node when somebody knocks.
 * Each look at it notices what others have changed.
 *
 * <p><b>Durability:</b> a change has been forced to disk when its method returns. <b>Threads:</b> safe for use by many.
 */
public final class PeerBook {
    private static final Logger log = LoggerFactory.getLogger(PeerBook.class);

    private final Path file;
    // guarded by this
    private @Nullable Version seen;
    private Peers peers = Peers.NONE;

    /** The book in this file, which need not exist yet. */
    public PeerBook(Path file) {
        this.file = file;
    }

    /** What tells one state of the file from the next; a replaced file has another key. */
    private record Version(
            FileTime modified, long size, @Nullable Object key) {}

    /** All peers as the file has them now. If it has become unreadable, what was read last still holds. */
    public synchronized Peers current() {
        try {
            Version now = version();
            if (!Objects.equals(now, seen)) {
                seen = now;
                peers = read();
            }
        } catch (IOException unreadable) {
            log.warn("{}; the peers known before still hold", unreadable.getMessage());
        }
        return peers;
    }

    private @Nullable Version version() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private Peers read() throws IOException {
        try {
            return Peers.parse(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Peers.NONE;
        } catch (IllegalArgumentException damaged) {
            throw new IOException("peers file " + file + " cannot be read: " + damaged.getMessage(), damaged);
        }
    }

    /**
     * Allows a peer, or changes what is known of it; addresses that were known stay behind the new ones.
     *
     * @throws IllegalArgumentException if the name belongs to another
     * @throws IOException if the file cannot be changed
     */
    public Peer allow(String name, NodeId id, List<PeerAddress> addresses) throws IOException {
        change(before -> {
            Optional<Peer> known = before.find(id.text()).filter(Peer::allowed);
            List<PeerAddress> merged = new ArrayList<>(addresses);
            known.stream()
                    .flatMap(peer -> peer.addresses().stream())
                    .filter(address -> !merged.contains(address))
                    .forEach(merged::add);
            return before.with(new Peer(
                    Peer.State.ALLOWED,
                    name,
                    id,
                    merged,
                    known.map(Peer::via).orElse(List.of()),
                    known.filter(Peer::relayedFor).isPresent()));
        });
        return current().find(id.text()).orElseThrow();
    }

    /**
     * Changes what is noted of an allowed peer beside its name, id and addresses.
     *
     * @throws NoSuchElementException if nobody who is allowed is called so
     * @throws IOException if the file cannot be changed
     */
    public Peer change(String nameOrId, UnaryOperator<Peer> edit) throws IOException {
        NodeId id = current()
                .find(nameOrId)
                .filter(Peer::allowed)
                .orElseThrow(() -> unknown(nameOrId))
                .id();
        change(before -> before.find(id.text()).map(edit).map(before::with).orElse(before));
        return current().find(id.text()).orElseThrow(() -> unknown(nameOrId));
    }

    private static NoSuchElementException unknown(String nameOrId) {
        return new NoSuchElementException("no peer is called '" + nameOrId + "'; see: tidesync p2p peers");
    }

    /**
     * Takes a peer out, whatever a person had decided.
     *
     * @throws NoSuchElementException if nobody is called so
     * @throws IOException if the file cannot be changed
     */
    public Peer remove(String nameOrId) throws IOException {
        Peer leaving = current().find(nameOrId).orElseThrow(() -> unknown(nameOrId));
        change(before -> new Peers(before.without(leaving.id())));
        return leaving;
    }

    /**
     * Notes that somebody unknown has proved its id and is not allowed; does nothing for one that is known.
     *
     * @throws IOException if the file cannot be changed
     */
    public void knocked(NodeId id, PeerAddress from) throws IOException {
        if (current().find(id.text()).isEmpty()) {
            change(before -> before.find(id.text()).isPresent()
                    ? before
                    : before.with(new Peer(Peer.State.PENDING, Peer.nameFrom(id), id, List.of(from))));
        }
    }

    private void change(UnaryOperator<Peers> edit) throws IOException {
        OwnFiles.whileLocked(
                file, () -> OwnFiles.replace(file, edit.apply(read()).text()));
    }
}
