package dev.tidesync.transport.p2p.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerBookTest {
    @TempDir
    private Path directory = Path.of("");

    private final NodeId laptop = Identity.create().id();
    private final NodeId phone = Identity.create().id();

    @Test
    void whatOneProcessChangesAnotherSeesAtItsNextLook() throws Exception {
        PeerBook running = book();
        assertThat(running.current().all()).isEmpty();

        book().allow("laptop", laptop, addresses("10.0.0.1:7420"));
        assertThat(running.current().allows(laptop)).isTrue();

        book().remove("laptop");
        assertThat(running.current().allows(laptop)).isFalse();
    }

    @Test
    void onePeerIsFoundByNameAndById() throws Exception {
        book().allow("laptop", laptop, addresses("10.0.0.1:7420", "[fe80::1]:7420"));

        assertThat(book().current().find("laptop")).isEqualTo(book().current().find(laptop.text()));
        assertThat(book().current().find("laptop").orElseThrow().addresses())
                .containsExactlyElementsOf(addresses("10.0.0.1:7420", "[fe80::1]:7420"));
        assertThat(book().current().find("lap")).isEmpty();
    }

    @Test
    void newAddressesComeBeforeThoseThatWereKnown() throws Exception {
        book().allow("laptop", laptop, addresses("a:1", "b:2"));
        book().allow("laptop", laptop, addresses("c:3", "a:1"));

        assertThat(book().current().find("laptop").orElseThrow().addresses())
                .containsExactlyElementsOf(addresses("c:3", "a:1", "b:2"));
    }

    @Test
    void oneThatKnocksIsPendingAndNotAllowed() throws Exception {
        book().knocked(phone, PeerAddress.parse("10.0.0.9:40000"));

        assertThat(book().current().allows(phone)).isFalse();
        assertThat(book().current().find(phone.text()))
                .hasValueSatisfying(peer -> assertThat(peer.state()).isEqualTo(Peer.State.PENDING));
    }

    @Test
    void oneThatKnocksNeverLosesWhatAPersonHasSaid() throws Exception {
        book().allow("phone", phone, addresses());
        book().knocked(phone, PeerAddress.parse("10.0.0.9:40000"));

        assertThat(book().current().allows(phone)).isTrue();
    }

    @Test
    void manyThatKnockDoNotFillTheFile() throws Exception {
        book().allow("laptop", laptop, addresses());
        for (int i = 0; i < 60; i++) {
            book().knocked(Identity.create().id(), PeerAddress.parse("10.0.0.9:40000"));
        }

        assertThat(book().current().all()).hasSize(51);
        assertThat(book().current().allows(laptop)).isTrue();
    }

    @Test
    void twoPeersCannotHaveOneName() throws Exception {
        book().allow("laptop", laptop, addresses());

        assertThatThrownBy(() -> book().allow("laptop", phone, addresses()))
                .hasMessageContaining("belongs to " + laptop);
    }

    @Test
    void toRemoveAStrangerIsAnError() {
        assertThatThrownBy(() -> book().remove("nobody"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("'nobody'");
    }

    @Test
    void aSlipInTheFileIsNamedAndWhatWasKnownHolds() throws Exception {
        PeerBook running = book();
        book().allow("laptop", laptop, addresses());
        assertThat(running.current().allows(laptop)).isTrue();

        Files.writeString(file(), "alowed laptop " + laptop + "\n");

        assertThat(running.current().allows(laptop)).isTrue();
        assertThatThrownBy(() -> book().allow("phone", phone, addresses()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1: expected 'allowed' or 'pending' but was 'alowed'");
    }

    private PeerBook book() {
        return new PeerBook(file());
    }

    private Path file() {
        return directory.resolve("peers.txt");
    }

    private static List<PeerAddress> addresses(String... texts) {
        return List.of(texts).stream().map(PeerAddress::parse).toList();
    }
}
