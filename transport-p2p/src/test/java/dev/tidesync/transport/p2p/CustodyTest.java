package dev.tidesync.transport.p2p;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Parcel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CustodyTest {
    private static final int BOUND = 2;
    private static final int BYTES = 2_000;

    private final AtomicLong nanos = new AtomicLong();
    private final TestOutbox outbox = new TestOutbox();
    private final Custody custody =
            new Custody(outbox, new P2pConfig.Relay(BOUND, BYTES, Duration.ofDays(1)), nanos::get);
    private final NodeId anna = Identity.create().id();

    private void keep(String payload) throws RefusedException {
        Parcel parcel = Parcel.seal(Identity.create(), Identity.create().id(), TestNode.message("ben", payload));
        custody.admit(anna, parcel.bytes().length);
        outbox.enqueue(Relaying.carrying(parcel, List.of(anna), 0));
    }

    @Test
    void boundIsForEachPeer() throws RefusedException {
        keep("1");
        keep("2");

        assertThatThrownBy(() -> keep("3")).isInstanceOf(RefusedException.class).hasMessageContaining("as it may");
        assertThatCode(() -> custody.admit(Identity.create().id(), 1)).doesNotThrowAnyException();
    }

    @Test
    void bytesAreBoundedToo() throws RefusedException {
        keep("x".repeat(1_000));

        assertThatThrownBy(() -> keep("x".repeat(1_000))).isInstanceOf(RefusedException.class);
    }

    @Test
    void whatHasLeftMakesRoomOnceItIsCountedAgain() throws RefusedException {
        keep("1");
        keep("2");
        Operation left = outbox.unfinished().get(0);
        outbox.end(left, OperationStatus.DONE);
        assertThatThrownBy(() -> keep("3")).isInstanceOf(RefusedException.class);

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());

        keep("3");
        assertThatThrownBy(() -> keep("4")).isInstanceOf(RefusedException.class);
    }

    @Test
    void whatWasKeptBeforeARestartCounts() throws RefusedException {
        keep("1");
        keep("2");
        Custody anew = new Custody(outbox, new P2pConfig.Relay(BOUND, BYTES, Duration.ofDays(1)), nanos::get);

        assertThatThrownBy(() -> anew.admit(anna, 1)).isInstanceOf(RefusedException.class);
    }
}
