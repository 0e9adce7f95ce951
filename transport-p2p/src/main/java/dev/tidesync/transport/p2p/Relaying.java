package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Parcel;
import java.util.Arrays;
import java.util.List;

/**
 * The operations that carry others: of kind {@code p2p.relayed}, their payload a {@link Parcel}, their target
 * {@code addressee/origin}, so that what one origin sends holds up no other's. The header {@code path} names the nodes
 * that have handed it on, the origin first; each adds the one it had it from.
 */
final class Relaying {
    static final String KIND = "p2p.relayed";

    private static final String PATH = "path";
    private static final String BETWEEN = " ";

    private Relaying() {}

    /** What a node hands to those who shall pass it on. */
    static Operation packed(Identity origin, NodeId to, Operation operation) {
        return carrying(Parcel.seal(origin, to, operation), List.of(), operation.expiresAtMs());
    }

    /** A parcel as an operation; {@code path} is what it has behind it. */
    static Operation carrying(Parcel parcel, List<NodeId> path, long expiresAtMs) {
        Operation.Builder carrier = Operation.builder()
                .id(parcel.id())
                .idempotencyKey(parcel.id())
                .kind(KIND)
                .target(parcel.to() + "/" + parcel.origin())
                .payload(parcel.bytes())
                .expiresAtMs(expiresAtMs);
        if (!path.isEmpty()) {
            carrier.header(
                    PATH, String.join(BETWEEN, path.stream().map(NodeId::text).toList()));
        }
        return carrier.build();
    }

    /** Whom a carrier's target names; empty if it has another shape. */
    static String addressee(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? "" : target.substring(0, slash);
    }

    /** The nodes that have handed a carrier on, the last of them last; what is no id in its header is passed over. */
    static List<NodeId> path(Operation carrier) {
        return Arrays.stream(carrier.headers().getOrDefault(PATH, "").split(BETWEEN, -1))
                .filter(NodeId::isOne)
                .map(NodeId::new)
                .toList();
    }
}
