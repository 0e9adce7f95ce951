package dev.tidesync.transport.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.transport.p2p.identity.Identities;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whoever must not get through does not, and both sides are told why; the others go on. */
class RefusalIT {
    @TempDir
    private Path directory = Path.of("");

    private final List<TestNode> nodes = new ArrayList<>();
    private final Logger listener = (Logger) LoggerFactory.getLogger(Listener.class);
    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    private TestNode anna = new TestNode(Path.of("never"), "listen", "off");
    private TestNode ben = anna;

    @BeforeEach
    void introduce() {
        anna.close();
        anna = node("anna");
        ben = node("ben");
        warnings.start();
        listener.addAppender(warnings);
    }

    private TestNode node(String name, String... settings) {
        TestNode node = new TestNode(directory.resolve(name), settings);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        listener.detachAppender(warnings);
        nodes.forEach(TestNode::close);
    }

    @Test
    void anUnknownPeerLandsOnTheListAndIsServedOnceItIsAllowed() throws Exception {
        anna.knows("ben", ben);

        SendResult refused = anna.send("ben", "x");

        assertThat(refused.code()).isEqualTo("p2p.untrusted");
        assertThat(refused.scope()).isEqualTo(Scope.TARGET);
        assertThat(refused.retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(refused.error()).contains("accept it there", anna.id().text());
        assertWarned(anna.id() + " is not allowed here; run: tidesync p2p accept " + anna.id());
        Peer knocking = ben.book().current().find(anna.id().text()).orElseThrow();
        assertThat(knocking.state()).isEqualTo(Peer.State.PENDING);

        ben.book().allow("anna", anna.id(), List.of());
        anna.deliver(TestNode.message("ben", "x"));
        assertThat(ben.inbox.effects).hasSize(1);
    }

    @Test
    void aPeerThatIsRemovedLosesItsConnectionAndIsNotLetInAgain() throws Exception {
        anna.knows("ben", ben);
        ben.allows("anna", anna);
        anna.deliver(TestNode.message("ben", "x"));

        ben.book().remove("anna");

        await().atMost(Duration.ofSeconds(2)).until(() -> ben.openLinks() == 0 && anna.openLinks() == 0);
        for (int resumed = 0; resumed < 3; resumed++) {
            assertThat(anna.send("ben", "again").ok()).isFalse();
        }
        assertThat(ben.inbox.effects).hasSize(1);
    }

    @Test
    void aPeerWithAnotherKeyIsNotTalkedTo() {
        TestNode impostor = node("impostor");
        impostor.allows("anna", anna);
        anna.knows("ben", ben, impostor.address());

        SendResult result = anna.send("ben", "for ben alone");

        assertThat(result.code()).isEqualTo("tls.pin");
        assertThat(result.error()).contains("expected the key of " + ben.id() + " but was that of " + impostor.id());
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertWarned("Received fatal alert: certificate_unknown");
        assertThat(impostor.inbox.asked).hasValue(0);
    }

    @Test
    void theKeyOfAnotherAllowedPeerIsAWrongKeyToo() {
        TestNode carla = node("carla");
        anna.knows("carla", carla).knows("ben", ben, carla.address());
        carla.allows("anna", anna);

        assertThat(anna.send("ben", "for ben alone").code()).isEqualTo("tls.pin");
        assertThat(carla.inbox.asked).hasValue(0);
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificateIsRefused() throws Exception {
        anna.allows("ben", ben);
        Identity stolen = Identities.mixed(Identity.create(), certificateOf("ben"));

        try (StrangeClient client = new StrangeClient(anna.port(), stolen)) {
            assertThatThrownBy(() -> client.say(StrangeClient.hello()).hear()).isInstanceOf(IOException.class);
        }

        assertThat(anna.inbox.asked).hasValue(0);
        assertThat(anna.openLinks()).isZero();
    }

    private Identity certificateOf(String name) throws IOException {
        return new dev.tidesync.transport.p2p.identity.KeyFile(
                        directory.resolve(name).resolve("key.pem"))
                .loadOrCreate();
    }

    @Test
    void anExpiredCertificateIsRefusedThoughItsKeyIsAllowed() throws Exception {
        Identity expired = Identities.expired();
        anna.book().allow("old", expired.id(), List.of());

        try (StrangeClient client = new StrangeClient(anna.port(), expired)) {
            assertThatThrownBy(client::handshakeAndHear).isInstanceOf(IOException.class);
        }

        assertWarned("showed a wrong certificate: NotAfter");
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        try (StrangeClient client = new StrangeClient(anna.port(), Optional.empty(), "TLSv1.3", Tls.PROTOCOL)) {
            assertThatThrownBy(client::handshakeAndHear).isInstanceOf(IOException.class);
        }

        assertWarned("Empty client certificate chain");
    }

    @Test
    void anOlderTlsIsRefused() throws Exception {
        try (StrangeClient client =
                new StrangeClient(anna.port(), Optional.of(Identity.create()), "TLSv1.2", Tls.PROTOCOL)) {
            assertThatThrownBy(client::handshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("protocol_version");
        }

        assertWarned("TLS with");
    }

    @Test
    void whoSpeaksTlsForSomethingElseIsRefused() throws Exception {
        try (StrangeClient client = new StrangeClient(anna.port(), Optional.of(Identity.create()), "TLSv1.3", "h2")) {
            assertThatThrownBy(client::handshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("no_application_protocol");
        }
        try (StrangeClient client = new StrangeClient(anna.port(), Optional.of(Identity.create()), "TLSv1.3")) {
            client.handshake();
            assertThatThrownBy(client::hear).isInstanceOf(IOException.class);
        }

        await().untilAsserted(() -> assertThat(anna.count("handshakes-failed")).isEqualTo(2));
    }

    @Test
    void plainTextOnThePortIsRefused() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), anna.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            socket.getInputStream().readAllBytes();
        }

        assertWarned("does not speak TLS");
    }

    @Test
    void aServerThatSpeaksPlainTextIsNamed() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInPlainText(plain), "plain-text");
            answering.setDaemon(true);
            answering.start();
            anna.knows("ben", ben, new PeerAddress("127.0.0.1", plain.getLocalPort()));

            SendResult result = anna.send("ben", "x");

            assertThat(result.code()).isEqualTo("tls.plain-text");
        }
    }

    private static void answerInPlainText(ServerSocket plain) {
        try (Socket socket = plain.accept()) {
            socket.getOutputStream().write("220 mail.example.com ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (IOException cut) {
            assertThat(plain.isBound()).isTrue(); // the node hung up, as it should
        }
    }

    @Test
    void aFrameAboveTheLimitIsRefusedBeforeItComes() throws Exception {
        try (StrangeClient client = allowedClient()) {
            client.say(StrangeClient.hello()).sayLength(Integer.MAX_VALUE);

            assertThat(client.hearGoodbye().reason()).isEqualTo(Goodbyes.TOO_LARGE);
        }
        try (StrangeClient client = allowedClient()) {
            client.say(StrangeClient.hello()).sayLength(-1);

            assertThat(client.hearGoodbye().reason()).isEqualTo(Goodbyes.TOO_LARGE);
        }
        assertThat(anna.openLinks()).isZero();
    }

    @Test
    void whatIsNotOfTheProtocolEndsTheConnectionWithAWord() throws Exception {
        byte[] unknown = {(byte) 0xa1, 0x61, 't', 0x65, 'd', 'a', 'n', 'c', 'e'};
        assertThat(goodbyeFor(StrangeClient.hello(), unknown).message()).contains("'dance' are not known");
        assertThat(goodbyeFor(StrangeClient.hello(), (byte) 0x9f).message()).contains("indefinite");
        assertThat(goodbyeFor(StrangeClient.hello()).message()).contains("ends in the middle");
        assertThat(goodbyeFor(new Frame.Ping()).message()).contains("expected hello first");
        assertThat(goodbyeFor(new Frame.Op(1, TestNode.message("anna", "early")))
                        .message())
                .contains("expected hello first");
        assertThat(anna.inbox.asked).hasValue(0);
    }

    /** What the node says when these come; without bytes, an empty frame. */
    private Frame.Bye goodbyeFor(Frame first, byte... then) throws Exception {
        try (StrangeClient client = allowedClient()) {
            client.say(first).sayBytes(then);
            Frame.Bye bye = client.hearGoodbye();
            assertThat(bye.reason()).isEqualTo(Goodbyes.PROTOCOL);
            return bye;
        }
    }

    @Test
    void anotherVersionOfTheProtocolIsNamed() throws Exception {
        try (StrangeClient client = allowedClient()) {
            client.say(new Frame.Hello(2, "a".repeat(43), "later", "test", 1 << 20, 64, 1 << 20));

            assertThat(client.hearGoodbye())
                    .isEqualTo(new Frame.Bye(Goodbyes.VERSION, "this node speaks version 1, the other 2"));
        }
    }

    @Test
    void operationsOfOtherKindsAreNotTakenFromPeers() throws Exception {
        try (StrangeClient client = allowedClient()) {
            client.say(StrangeClient.hello());
            client.say(new Frame.Op(
                    1,
                    TestNode.message("anna", "x").toBuilder().kind("http.post").build()));

            client.hear();
            assertThat(client.hear())
                    .isInstanceOfSatisfying(
                            Frame.Ack.class,
                            ack -> assertThat(ack.refusal())
                                    .hasValueSatisfying(refusal ->
                                            assertThat(refusal.name()).isEqualTo("Not Acceptable")));
        }
        assertThat(anna.inbox.asked).hasValue(0);
    }

    @Test
    void manyThatNeverFinishTheirHandshakeKeepNobodyElseOut() throws Exception {
        anna.knows("ben", ben);
        ben.allows("anna", anna);
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                halfOpen.add(new Socket(InetAddress.getLoopbackAddress(), ben.port()));
            }

            anna.deliver(TestNode.message("ben", "x"));

            assertThat(ben.inbox.effects).hasSize(1);
            await().untilAsserted(
                            () -> assertThat(ben.count("handshakes-failed")).isGreaterThanOrEqualTo(400));
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
        }
    }

    @Test
    void aHandshakeThatTakesTooLongIsEnded() throws Exception {
        TestNode hasty = node("hasty", "handshake-timeout", "200ms");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hasty.port())) {
            socket.setSoTimeout(10_000);

            assertThat(socket.getInputStream().read()).isNegative();
        }
        assertWarned("took too long");
    }

    @Test
    void moreConnectionsThanAllowedAreRefusedWithAWord() throws Exception {
        TestNode small = node("small", "max-connections", "1");
        small.allows("anna", anna).allows("ben", ben);
        anna.knows("small", small);
        ben.knows("small", small);
        anna.deliver(TestNode.message("small", "x"));

        SendResult refused = ben.send("small", "x");

        assertThat(refused.code()).isEqualTo("p2p.bye");
        assertThat(refused.error()).contains("busy");
        assertThat(refused.scope()).isEqualTo(Scope.TARGET);
    }

    @Test
    void aPeerThatNobodyKnowsOrAllowedWaitsForAPerson() throws Exception {
        SendResult unknown = anna.send("nobody", "x");
        anna.book().knocked(ben.id(), ben.address());
        SendResult pending = anna.send(ben.id().text(), "x");

        assertThat(unknown.code()).isEqualTo("p2p.unknown-peer");
        assertThat(unknown.retryAfter()).contains(Duration.ofMinutes(1));
        assertThat(pending.error()).contains("waits to be allowed; run: tidesync p2p accept " + ben.id());
        assertThat(anna.send("no such name", "x").retryable()).isFalse();
    }

    private StrangeClient allowedClient() throws Exception {
        Identity identity = Identity.create();
        anna.book().allow(Peer.nameFrom(identity.id()), identity.id(), List.of());
        return new StrangeClient(anna.port(), identity);
    }

    private void assertWarned(String part) {
        await().untilAsserted(() -> assertThat(List.copyOf(warnings.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(message -> message.contains(part)));
    }
}
