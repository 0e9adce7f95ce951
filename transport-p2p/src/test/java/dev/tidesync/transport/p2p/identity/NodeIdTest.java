package dev.tidesync.transport.p2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeIdTest {
    private final NodeId id = Identity.create().id();

    @Test
    void anIdThatWasReadAloudIsTheSame() {
        assertThat(NodeId.parse(" " + id.grouped() + "\n")).isEqualTo(id);
        assertThat(id.grouped().split(" ")).hasSize(8);
    }

    @Test
    void aSlipOfThePenIsNoticedWhereItChangesTheLength() {
        assertThatThrownBy(() -> NodeId.parse(id.text().substring(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("43 characters");
    }

    @Test
    void aSecondSpellingOfTheSameBytesIsNoId() {
        char last = id.text().charAt(42);
        String other = id.text().substring(0, 42) + (char) (last + 1);

        assertThat(NodeId.isOne(other)).isFalse();
    }

    @Test
    void everyKeyHasAnIdOfItsOwn() {
        assertThat(Identity.create().id()).isNotEqualTo(id);
    }
}
