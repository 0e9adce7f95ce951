package dev.tidesync.transport.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.ReceivedOperation;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class P2pCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private final NodeId other = Identity.create().id();
    private final StringWriter out = new StringWriter();
    private boolean json;

    @Test
    void theIdIsShownAsTextInGroupsAndAsAQrCodeAndStaysTheSame() throws Exception {
        String first = run("id");
        String second = run("id");

        assertThat(first).isEqualTo(second);
        NodeId id = new NodeId(first.lines().findFirst().orElseThrow());
        assertThat(first).contains(id.grouped(), "not yet", "tidesync:" + id);
        assertThat(first.lines().filter(line -> line.startsWith("████"))).hasSizeGreaterThan(15);
    }

    @Test
    void whereANodeListensStandsInItsLink() throws Exception {
        ListeningFile.note(directory, new InetSocketAddress(InetAddress.getLoopbackAddress(), 7420));
        json = true;

        assertThat(run("id")).contains("?addr=127.0.0.1:7420\"", "\"listening\":\"127.0.0.1:7420\"");
    }

    @Test
    void aPeerIsAddedByIdOrByLinkAndShown() throws Exception {
        run("add", "laptop", other.text(), "10.0.0.1:7420", "laptop.local:7420");
        assertThat(run("peers")).isEqualTo("allowed  laptop  " + other + "  10.0.0.1:7420 laptop.local:7420\n");

        run("remove", "laptop");
        assertThat(run("peers")).isEmpty();

        run("add", "laptop", "tidesync:" + other + "?addr=10.0.0.2:7420&name=other");
        assertThat(run("peers")).endsWith("  10.0.0.2:7420\n");
    }

    @Test
    void peerIsReachedThroughThoseWhoAreNamed() throws Exception {
        run("add", "laptop", other.text(), "10.0.0.1:7420");
        NodeId far = Identity.create().id();

        run("add", "far", far.text(), "--via", "laptop");
        run("relay", "laptop", "on");

        assertThat(run("peers").lines())
                .containsExactlyInAnyOrder(
                        "allowed  laptop  " + other + "  10.0.0.1:7420  relayed for",
                        "allowed  far  " + far + "  via " + other);
        run("add", "laptop", other.text(), "10.0.0.2:7420");
        assertThat(book().current().find("laptop").orElseThrow().relayedFor()).isTrue();
        run("relay", "laptop", "off");
        assertThat(run("peers")).doesNotContain("relayed for");
    }

    @Test
    void peerThatIsNotKnownPassesNothingOn() {
        assertThatThrownBy(() -> run("add", "far", other.text(), "--via", "nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no peer is called 'nobody'");
        assertThat(book().current().all()).isEmpty();
    }

    @Test
    void oneThatKnockedIsAcceptedById() throws Exception {
        book().knocked(other, PeerAddress.parse("10.0.0.9:50000"));
        assertThat(run("peers")).startsWith("pending  peer-");

        run("accept", other.text(), "phone");

        assertThat(book().current().allows(other)).isTrue();
        assertThat(run("peers")).isEqualTo("allowed  phone  " + other + "\n");
    }

    @Test
    void oneThatNeverKnockedIsNotAccepted() {
        assertThatThrownBy(() -> run("accept", other.text()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody with this id has knocked");
    }

    @Test
    void theNodesOwnIdIsRefused() throws Exception {
        String own = run("id").lines().findFirst().orElseThrow();

        assertThatThrownBy(() -> run("add", "me", own)).hasMessageContaining("this node itself");
    }

    @Test
    void wordsThatMakeNoSenseAreAnsweredWithThoseThatDo() {
        assertThatThrownBy(this::run).hasMessageContaining("tidesync p2p accept ID");
        assertThatThrownBy(() -> run("dance")).hasMessageContaining("tidesync p2p accept ID");
        assertThatThrownBy(() -> run("add", "x")).hasMessageContaining("add NAME ID");
        assertThatThrownBy(() -> run("add", "a b", other.text())).hasMessageContaining("a peer's name is");
        assertThatThrownBy(() -> run("add", "x", other.text(), "nowhere")).hasMessageContaining("expected host:port");
    }

    @Test
    void whatArrivesIsPrintedAsOneJsonObjectALine() throws Exception {
        assertThat(run("listen"))
                .startsWith("{\"origin\":\"anna\",\"id\":\"id-")
                .contains("\"payload\":\"say \\\"hi\\\"\\u000a\"}\n")
                .hasLineCount(1);
    }

    private PeerBook book() {
        return new PeerBook(directory.resolve("peers.txt"));
    }

    private String run(String... words) throws Exception {
        out.getBuffer().setLength(0);
        assertThat(new P2pCommand().run(List.of(words), new Context())).isZero();
        return out.toString();
    }

    private final class Context implements CommandContext {
        private final PrintWriter writer = new PrintWriter(out, true);

        @Override
        public Settings settings() {
            try {
                return Settings.of(P2pSettings.SPEC, Map.of());
            } catch (TransportConfigException wrong) {
                throw new AssertionError(wrong);
            }
        }

        @Override
        public Path dataDirectory() {
            return directory;
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public PrintWriter out() {
            return writer;
        }

        @Override
        public PrintWriter err() {
            return new PrintWriter(new StringWriter());
        }

        @Override
        public boolean json() {
            return json;
        }

        @Override
        public void receive(String kindPrefix, InboxHandler handler) {
            try {
                handler.handle(ReceivedOperation.of("anna", TestNode.message("ben", "say \"hi\"\n"), 1));
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }
}
