package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns(2);
    private final List<String> begun = new ArrayList<>();

    @Test
    void requestsBeyondTheLimitWaitInOrder() {
        take("a", "1");
        take("a", "2");
        take("a", "3");
        take("a", "4");
        assertThat(begun).containsExactly("1", "2");

        turns.giveBack("a");
        turns.giveBack("a");

        assertThat(begun).containsExactly("1", "2", "3", "4");
    }

    @Test
    void anotherOriginHasTurnsOfItsOwn() {
        take("a", "1");
        take("a", "2");
        take("a", "3");

        take("b", "4");

        assertThat(begun).containsExactly("1", "2", "4");
    }

    @Test
    void whoeverNoLongerWantsATurnIsPassedOver() {
        take("a", "1");
        take("a", "2");
        turns.take("a", () -> false);
        turns.take("a", () -> false);
        take("a", "3");

        turns.giveBack("a");

        assertThat(begun).containsExactly("1", "2", "3");
    }

    @Test
    void whoeverDeclinesAFreeTurnLeavesItFree() {
        turns.take("a", () -> false);
        turns.take("a", () -> false);
        take("a", "1");
        take("a", "2");
        take("a", "3");

        assertThat(begun).containsExactly("1", "2");
    }

    @Test
    void aTurnThatNobodyHadCannotBeGivenBack() {
        assertThatThrownBy(() -> turns.giveBack("a")).isInstanceOf(AssertionError.class);
    }

    private void take(String origin, String name) {
        turns.take(origin, () -> begun.add(name));
    }
}
