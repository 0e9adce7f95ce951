package dev.tidesync.transport.p2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ParcelTest {
    private final Identity origin = Identity.create();
    private final NodeId to = Identity.create().id();
    private final Operation operation = Operation.builder()
            .id("one")
            .kind("p2p.message")
            .target("ben")
            .payload(new byte[] {0, -1, 7})
            .header("content-type", "application/x-three")
            .idempotencyKey("key")
            .createdAtMs(5)
            .build();

    @Test
    void opensAsItWasSealed() throws BadFrameException {
        Parcel opened = Parcel.open(Parcel.seal(origin, to, operation).bytes());

        assertThat(opened.origin()).isEqualTo(origin.id());
        assertThat(opened.to()).isEqualTo(to);
        assertThat(opened.operation()).isEqualTo(operation);
    }

    @Test
    void isNotOpenedIfAnyByteIsChangedOrMissing() {
        byte[] sealed = Parcel.seal(origin, to, operation).bytes();
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> requireOrigin(Parcel.open(changed)))
                    .as("byte %d", at)
                    .isInstanceOf(BadFrameException.class);
            byte[] cut = Arrays.copyOf(sealed, at);
            assertThatThrownBy(() -> Parcel.open(cut)).isInstanceOf(BadFrameException.class);
        }
    }

    /** A changed key that still fits its signature would be another origin's. */
    private void requireOrigin(Parcel parcel) throws BadFrameException {
        if (!parcel.origin().equals(origin.id())) {
            throw new BadFrameException("another origin");
        }
    }

    @Test
    void hasOneIdPerOriginAddresseeAndContent() throws BadFrameException {
        String id = Parcel.seal(origin, to, operation).id();

        assertThat(Parcel.seal(origin, to, operation).id()).isEqualTo(id);
        assertThat(Parcel.open(Parcel.seal(origin, to, operation).bytes()).id()).isEqualTo(id);
        assertThat(Parcel.seal(Identity.create(), to, operation).id()).isNotEqualTo(id);
        assertThat(Parcel.seal(origin, origin.id(), operation).id()).isNotEqualTo(id);
        assertThat(Parcel.seal(origin, to, operation.toBuilder().payload("y").build())
                        .id())
                .isNotEqualTo(id);
    }
}
