package dev.tidesync.transport.p2p;

import static dev.tidesync.transport.p2p.TestNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that have been introduced to each other, over loopback. */
class DeliveryIT {
    private static final int MANY = 10_000;

    @TempDir
    private Path directory = Path.of("");

    private final List<TestNode> nodes = new ArrayList<>();
    private TestNode anna = new TestNode(Path.of("never"), "listen", "off");
    private TestNode ben = anna;

    @BeforeEach
    void introduce() {
        anna.close();
        anna = node("anna", "ack-timeout", "2s");
        ben = node("ben");
        anna.knows("ben", ben);
        ben.allows("anna", anna);
    }

    private TestNode node(String name, String... settings) {
        TestNode node = new TestNode(directory.resolve(name), settings);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void aMessageArrivesAsItWasSentFromWhoeverHasProvedTheKey() {
        Operation sent = Operation.builder()
                .id("one")
                .kind("p2p.message")
                .target("ben")
                .payload(new byte[] {0, -1, 7})
                .header("content-type", "application/x-three")
                .idempotencyKey("key-one")
                .orderingKey("lane")
                .createdAtMs(5)
                .expiresAtMs(9_000_000_000_000L)
                .build();

        assertThat(anna.send(sent)).isEqualTo(SendResult.delivered());

        assertThat(ben.inbox.effects).containsExactly(sent);
        assertThat(ben.inbox.origins).containsExactly(anna.id().text());
    }

    @Test
    void aPeerIsAddressedByItsIdToo() {
        assertThat(anna.send(ben.id().text(), "x").ok()).isTrue();
    }

    @Test
    void oneThatArrivedBeforeIsDelivered() {
        Operation operation = message("ben", "x");

        assertThat(anna.send(operation).ok()).isTrue();
        assertThat(anna.send(operation).ok()).isTrue();

        assertThat(ben.inbox.effects).hasSize(1);
        assertThat(ben.inbox.asked).hasValue(2);
    }

    @Test
    void oneConnectionCarriesBothDirections() {
        assertThat(anna.send("ben", "hello").ok()).isTrue();

        assertThat(ben.send("anna", "hello yourself").ok()).isTrue();

        assertThat(anna.inbox.effects).hasSize(1);
        assertThat(anna.count("connections-opened")).isEqualTo(1);
    }

    @Test
    void aPeerWithoutAnAddressIsReachedOnceItComes() {
        SendResult early = ben.send("anna", "are you there?");
        assertThat(early.code()).isEqualTo("p2p.no-address");
        assertThat(early.scope()).isEqualTo(Scope.TARGET);

        anna.deliver(message("ben", "here I am"));

        ben.deliver(message("anna", "are you there?"));
    }

    @Test
    void aNodeThatNobodyCanDialIsReachedOverTheConnectionThatItKeeps() {
        TestNode behind = node("behind", "listen", "off", "keep-connected", "true");
        ben.allows("behind", behind);
        behind.knows("ben", ben);
        assertThat(behind.send("ben", "starts the node").ok()).isTrue();

        ben.restart();

        await().untilAsserted(
                        () -> assertThat(ben.send("behind", "found you").ok()).isTrue());
        assertThat(behind.inbox.effects).hasSize(1);
    }

    @Test
    void tenThousandEachWayArriveOnce() {
        ben.knows("anna", anna);
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        List<Operation> sent = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            sent.add(message("ben", "to ben " + i));
            sent.add(message("anna", "to anna " + i));
        }
        for (int i = 0; i < sent.size(); i += 500) {
            for (Operation operation : sent.subList(i, i + 500)) {
                TestNode from = operation.target().equals("ben") ? anna : ben;
                results.add(from.start(operation));
            }
            results.forEach(TestNode::await);
        }

        for (int i = 0; i < sent.size(); i++) {
            if (!TestNode.await(results.get(i)).ok()) {
                TestNode from = sent.get(i).target().equals("ben") ? anna : ben;
                from.deliver(sent.get(i));
            }
        }

        assertThat(ben.inbox.effects).hasSize(MANY);
        assertThat(anna.inbox.effects).hasSize(MANY);
    }

    @Test
    void noMoreAreUnderWayThanTheReceiverAllows() {
        TestNode small = node("small", "window.operations", "3");
        anna.knows("small", small);
        small.allows("anna", anna);
        small.inbox.hold();

        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            results.add(anna.start(message("small", "n" + i)));
        }
        await().until(() -> small.inbox.heldBack() == 3);
        await().during(Duration.ofMillis(200)).until(() -> small.inbox.heldBack() == 3);
        small.inbox.release();

        assertThat(results).map(TestNode::await).allMatch(SendResult::ok);
        assertThat(small.inbox.effects).extracting(Operation::payloadText).startsWith("n0", "n1", "n2", "n3");
    }

    @Test
    void whatIsLongerThanTheReceiverTakesFailsForGood() {
        TestNode small = node("small", "max-frame-bytes", "2KiB");
        anna.knows("small", small);
        small.allows("anna", anna);

        SendResult result = anna.send("small", "x".repeat(3_000));

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("p2p.too-large");
        assertThat(anna.send("small", "x".repeat(1_000)).ok()).isTrue();
    }

    @Test
    void eachAnswerOfTheInboxHasItsOutcome() {
        SendResult conflict = anna.send("ben", "conflict");
        SendResult busy = anna.send("ben", "busy:3000");
        SendResult disk = anna.send("ben", "disk");
        SendResult otherKind =
                anna.send(message("ben", "x").toBuilder().kind("p2p.other").build());

        assertThat(conflict.retryable()).isFalse();
        assertThat(conflict.code()).isEqualTo("p2p.refused.not-acceptable");
        assertThat(busy.scope()).isEqualTo(Scope.TARGET);
        assertThat(busy.code()).isEqualTo("p2p.refused.no-resources");
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(disk.scope()).isEqualTo(Scope.TARGET);
        assertThat(disk.ok()).isFalse();
        assertThat(otherKind.code()).isEqualTo("p2p.kind");
    }

    @Test
    void silenceIsChargedAndTwoSilencesDropTheConnection() {
        CompletableFuture<SendResult> first = anna.start(message("ben", "silence"));
        CompletableFuture<SendResult> second = anna.start(message("ben", "silence"));

        assertThat(TestNode.await(first).code()).isEqualTo("p2p.ack-timeout");
        assertThat(TestNode.await(second)).matches(SendResult::ambiguous).matches(SendResult::retryable);
        anna.deliver(message("ben", "x"));
        assertThat(anna.count("connections-opened")).isEqualTo(2);
    }

    @Test
    void aPeerThatWasRestartedIsReachedAgain() {
        anna.deliver(message("ben", "one"));

        ben.restart();

        anna.deliver(message("ben", "two"));
        assertThat(ben.inbox.effects).hasSize(2);
    }

    @Test
    void ofSeveralAddressesTheFirstThatLeadsToThePeerIsTaken() {
        TestNode stranger = node("stranger");
        anna.knows(
                "ben",
                ben,
                PeerAddress.parse("127.0.0.1:1"),
                stranger.address(),
                PeerAddress.parse("no-such-host.invalid:7420"),
                ben.address());

        anna.deliver(message("ben", "found"));

        assertThat(ben.inbox.effects).hasSize(1);
        assertThat(stranger.inbox.effects).isEmpty();
    }

    @Test
    void bothThatDialAtOnceEndWithOneConnection() {
        for (int round = 0; round < 20; round++) {
            TestNode one = node("one" + round);
            TestNode two = node("two" + round);
            one.knows("two", two);
            two.knows("one", one);

            CompletableFuture<SendResult> there = one.start(message("two", "x"));
            CompletableFuture<SendResult> back = two.start(message("one", "x"));

            assertThat(TestNode.await(there)).isEqualTo(SendResult.delivered());
            assertThat(TestNode.await(back)).isEqualTo(SendResult.delivered());
            await().until(() -> one.openLinks() == 1 && two.openLinks() == 1);
            assertThat(one.send("two", "y").ok()).isTrue();
            one.close();
            two.close();
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAsRetryable() {
        CompletableFuture<SendResult> hanging = anna.start(message("ben", "silence"));
        await().until(() -> ben.inbox.asked.get() == 1);

        anna.stop();

        assertThat(TestNode.await(hanging)).matches(SendResult::retryable).matches(SendResult::ambiguous);
        assertThat(anna.send("ben", "late").code()).isEqualTo("p2p.transport-closed");
    }
}
