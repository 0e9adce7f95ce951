package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.peers.Peer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is left to try for an operation once its peer cannot be reached: others who may pass it on, one after another.
 * If none of them takes it, the operation fares as if nobody had been asked. Confined to the loop.
 */
final class Detour {
    private final Deque<Peer> untried;
    private final Supplier<Operation> packing;
    private @Nullable Operation packed;
    private @Nullable Peer asked;
    private @Nullable SendResult straight;

    /** A detour over these peers, with what they are to be given; that is made when the first of them is asked. */
    Detour(List<Peer> relays, Supplier<Operation> packing) {
        this.untried = new ArrayDeque<>(relays);
        this.packing = packing;
    }

    static Detour none() {
        return new Detour(List.of(), () -> {
            throw new AssertionError("nobody is asked");
        });
    }

    boolean isOpen() {
        return !untried.isEmpty();
    }

    /** The next to ask after an outcome; empty if that, or what {@link #outcome} makes of it, is the last word. */
    Optional<Peer> after(SendResult outcome) {
        boolean goesOn =
                straight == null ? Outcomes.isUnreachable(outcome) : !outcome.ok() && !Outcomes.isClosed(outcome);
        if (straight == null) {
            straight = outcome;
        } else if (!outcome.ok()) {
            straight = straight.withAmbiguous(straight.ambiguous() || outcome.ambiguous());
        }
        asked = goesOn ? untried.poll() : asked;
        return goesOn ? Optional.ofNullable(asked) : Optional.empty();
    }

    /** What is given to those who pass it on. */
    Operation packed() {
        if (packed == null) {
            packed = packing.get();
        }
        return packed;
    }

    /** What the engine is told after the last outcome. */
    SendResult outcome(SendResult last) {
        if (!last.ok() && straight != null) {
            return straight;
        }
        return asked == null ? last : last.withAnswer("kept by peer '" + asked.name() + "', who passes it on");
    }
}
