package dev.tidesync.transport.p2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void theKeyIsMadeOnceAndKept() throws Exception {
        Identity made = new KeyFile(file()).loadOrCreate();
        Identity loaded = new KeyFile(file()).loadOrCreate();

        assertThat(loaded.id()).isEqualTo(made.id());
        assertThat(loaded.privateKey()).isEqualTo(made.privateKey());
        assertThat(made).asString().isEqualTo("Identity{" + made.id() + "}");
        made.certificate().checkValidity();
    }

    @Test
    void onlyItsOwnerCanReadIt() throws Exception {
        assumeThat(OwnFiles.hasPosixPermissions(directory)).isTrue();
        new KeyFile(file()).loadOrCreate();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        assumeThat(OwnFiles.hasPosixPermissions(directory)).isTrue();
        new KeyFile(file()).loadOrCreate();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> new KeyFile(file()).loadOrCreate())
                .hasMessageContaining("expected rw------- but was rw-r-----; run: chmod 600 " + file());
    }

    @Test
    void aDamagedKeyIsNamedAndKept() throws Exception {
        new KeyFile(file()).loadOrCreate();
        String damaged = Files.readString(file()).replaceFirst("M", "!");
        Files.writeString(file(), damaged);

        assertThatThrownBy(() -> new KeyFile(file()).loadOrCreate()).hasMessageContaining(file().toString());
        assertThat(file()).hasContent(damaged);
    }

    @Test
    void manyThatStartTogetherAgreeOnOneKey() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<NodeId> first = () -> new KeyFile(file()).loadOrCreate().id();
            List<Future<NodeId>> ids =
                    threads.invokeAll(Stream.generate(() -> first).limit(8).toList());

            assertThat(ids)
                    .extracting(Future::get)
                    .containsOnly(new KeyFile(file()).loadOrCreate().id());
        } finally {
            threads.shutdownNow();
        }
    }

    private Path file() {
        return directory.resolve("below").resolve("key.pem");
    }
}
