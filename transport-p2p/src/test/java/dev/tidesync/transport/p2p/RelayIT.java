package dev.tidesync.transport.p2p;

import static dev.tidesync.transport.p2p.TestNode.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.wire.Parcel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anna sends to Ben, whom she cannot reach, by way of Carol. */
class RelayIT {
    @TempDir
    private Path directory = Path.of("");

    private final List<TestNode> nodes = new ArrayList<>();
    private TestNode anna = new TestNode(Path.of("never"), "listen", "off");
    private TestNode ben = anna;
    private TestNode carol = anna;

    @BeforeEach
    void introduce() {
        anna.close();
        anna = node("anna");
        ben = node("ben");
        carol = node("carol", "relay.operations", "3");
        anna.knows("carol", carol).allows("ben", ben).reaches("ben", carol);
        carol.allows("anna", anna).relaysFor("anna").knows("ben", ben);
        ben.allows("carol", carol).allows("anna", anna);
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
    void anotherKeepsItAndItArrivesAsItWasSentUnderTheIdOfItsOrigin() {
        Operation operation = message("ben", "x").toBuilder()
                .header("content-type", "text/x")
                .expiresAtMs(9_000_000_000_000L)
                .build();

        SendResult handedIn = anna.send(operation);

        assertThat(handedIn).isEqualTo(SendResult.delivered().withAnswer("kept by peer 'carol', who passes it on"));
        assertThat(ben.inbox.effects).isEmpty();
        assertThat(carol.passOn()).containsExactly(SendResult.delivered());
        assertThat(ben.inbox.effects).containsExactly(operation);
        assertThat(ben.inbox.origins).containsExactly(anna.id().text());
        assertThat(carol.inbox.effects).isEmpty();
    }

    @Test
    void nobodyIsAskedWhileThePeerCanBeReached() {
        anna.knows("ben", ben);

        assertThat(anna.send("ben", "x")).isEqualTo(SendResult.delivered());

        assertThat(carol.outbox.unfinished()).isEmpty();
    }

    @Test
    void peerThatGoesAwayIsReachedThroughTheOther() {
        anna.knows("ben", ben);
        assertThat(anna.send("ben", "before").ok()).isTrue();

        ben.stop();

        assertThat(anna.send("ben", "after").answer()).contains("carol");
        assertThat(carol.outbox.unfinished()).hasSize(1);
    }

    @Test
    void nothingWaitsForAPeerThatWasAwayBeforeToSayWhetherItIsBack() throws Exception {
        TestNode patient = node("patient", "connect-timeout", "10m", "handshake-timeout", "10m");
        patient.knows("carol", carol).knows("ben", ben, PeerAddress.parse("127.0.0.1:1"));
        patient.reaches("ben", carol);
        carol.allows("patient", patient).relaysFor("patient");
        assertThat(patient.send("ben", "nobody is there").ok()).isTrue();

        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            patient.knows("ben", ben, new PeerAddress("127.0.0.1", silent.getLocalPort()));

            assertThat(patient.send("ben", "nobody answers").ok()).isTrue();
        }
        assertThat(carol.outbox.unfinished()).hasSize(2);
    }

    @Test
    void oneThatComesBothWaysIsAppliedOnce() {
        Operation operation = message("ben", "x");
        assertThat(anna.send(operation).ok()).isTrue();

        anna.knows("ben", ben).deliver(operation);

        assertThat(carol.passOn()).containsExactly(SendResult.delivered());
        assertThat(ben.inbox.effects).containsExactly(operation);
    }

    @Test
    void oneThatIsHandedInAgainIsKeptOnce() {
        Operation operation = message("ben", "x");

        assertThat(anna.send(operation).ok()).isTrue();
        assertThat(anna.send(operation).ok()).isTrue();

        assertThat(carol.outbox.unfinished()).hasSize(1);
    }

    @Test
    void nothingIsPassedOnForWhoeverIsNotAllowedTo() {
        TestNode stranger = node("stranger");
        carol.allows("stranger", stranger);
        stranger.knows("carol", carol).allows("ben", ben).reaches("ben", carol);

        SendResult result = stranger.send("ben", "x");

        assertThat(result.code()).isEqualTo("p2p.no-address");
        assertThat(carol.outbox.unfinished()).isEmpty();
    }

    @Test
    void noMoreIsKeptThanAllowed() {
        List<SendResult> results =
                IntStream.range(0, 4).mapToObj(i -> anna.send("ben", "x" + i)).toList();

        assertThat(results).extracting(SendResult::ok).containsExactly(true, true, true, false);
        assertThat(results.get(3).code()).isEqualTo("p2p.no-address");
        assertThat(carol.outbox.unfinished()).hasSize(3);
    }

    @Test
    void addresseeTakesNothingFromAnOriginThatItHasNotAllowedAndTheRelayKeepsIt() throws Exception {
        ben.book().remove("anna");
        assertThat(anna.send("ben", "x").ok()).isTrue();

        SendResult refused = carol.passOn().get(0);

        assertThat(refused.retryable()).isTrue();
        assertThat(refused.scope()).isEqualTo(SendResult.Scope.TARGET);
        assertThat(refused.error()).contains(anna.id().text());
        assertThat(ben.inbox.effects).isEmpty();

        ben.allows("anna", anna);
        assertThat(carol.passOn()).containsExactly(SendResult.delivered());
    }

    @Test
    void relayCannotMakeAnOperationOfAnother() {
        Operation forged = Relaying.packed(Identity.create(), ben.id(), message("ben", "forged"));
        byte[] changed = forged.payload();
        changed[30] ^= 1;

        assertThat(carol.send(forged).ok()).isFalse();
        assertThat(carol.send(forged.toBuilder().payload(changed).build()).code())
                .isEqualTo("p2p.refused.not-acceptable");

        assertThat(ben.inbox.effects).isEmpty();
    }

    @Test
    void relayCannotTurnAnOperationToSomebodyElse() {
        TestNode dora = node("dora").allows("carol", carol).allows("anna", anna);
        carol.knows("dora", dora);
        assertThat(anna.send("ben", "x").ok()).isTrue();
        Operation kept = carol.outbox.unfinished().get(0);

        SendResult result =
                carol.send(kept.toBuilder().target(dora.id() + "/" + anna.id()).build());

        assertThat(result.code()).isEqualTo("p2p.refused.not-acceptable");
        assertThat(dora.inbox.effects).isEmpty();
    }

    @Test
    void itGoesFurtherButNeverBackToWhoHadItBefore() {
        TestNode dora = node("dora").knows("carol", carol).allows("ben", ben);
        carol.knows("dora", dora).reaches("ben", dora);
        dora.relaysFor("carol").reaches("ben", carol);
        ben.allows("dora", dora).stop();
        assertThat(anna.send("ben", "x").ok()).isTrue();

        assertThat(carol.passOn().get(0).answer()).isEqualTo("kept by peer 'dora', who passes it on");
        assertThat(dora.passOn().get(0).code()).isEqualTo("p2p.no-address");
        assertThat(dora.outbox.unfinished()).hasSize(1);

        ben.restart();
        dora.knows("ben", ben).deliver(dora.outbox.unfinished().get(0));
        assertThat(ben.inbox.origins).containsExactly(anna.id().text());
    }

    @Test
    void oneThatHasPassedThroughHereOrThroughThreeOthersIsNotKept() {
        Parcel parcel = Parcel.seal(Identity.create(), ben.id(), message("ben", "x"));
        NodeId a = Identity.create().id();
        NodeId b = Identity.create().id();

        assertThat(anna.send(toCarol(parcel, List.of(a, carol.id()))).ok()).isFalse();
        assertThat(anna.send(toCarol(parcel, List.of(a, b, Identity.create().id())))
                        .ok())
                .isFalse();
        assertThat(carol.outbox.unfinished()).isEmpty();

        assertThat(anna.send(toCarol(parcel, List.of(a, b))).ok()).isTrue();
    }

    /** As it comes from somebody who has had it from others; its target leads to the relay alone. */
    private Operation toCarol(Parcel parcel, List<NodeId> path) {
        return Relaying.carrying(parcel, path, 0).toBuilder()
                .target(carol.id() + "/" + parcel.origin())
                .build();
    }

    @Test
    void oneThatHasExpiredIsNotKept() {
        Operation expired = message("ben", "x").toBuilder().expiresAtMs(1).build();

        assertThat(anna.send(expired).ok()).isFalse();

        assertThat(carol.outbox.unfinished()).isEmpty();
    }

    @Test
    void nothingIsKeptLongerThanTheRelayWants() {
        assertThat(anna.send("ben", "x").ok()).isTrue();

        long days = (carol.outbox.unfinished().get(0).expiresAtMs()
                        - InstantSource.system().millis())
                / 86_400_000;

        assertThat(days).isBetween(6L, 7L);
    }

    @Test
    void operationOfALaneWaitsForItsPeer() {
        Operation inALane = message("ben", "x").toBuilder().orderingKey("lane").build();

        assertThat(anna.send(inALane).code()).isEqualTo("p2p.no-address");

        assertThat(carol.outbox.unfinished()).isEmpty();
    }

    @Test
    void whoStillHasItDoesNotCountOnARelayThatGaveItUp() {
        Operation operation = message("ben", "x");
        assertThat(anna.send(operation).ok()).isTrue();
        carol.outbox.end(carol.outbox.unfinished().get(0), OperationStatus.PERMANENT_FAILED);

        assertThat(anna.send(operation).ok()).isFalse();
    }
}
