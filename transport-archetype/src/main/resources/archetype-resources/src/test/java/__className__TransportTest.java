package ${package};

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.tck.Received;
import dev.tidesync.tck.TransportContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every transport, and what is particular to this one. */
class ${className}TransportTest extends TransportContract {
    @TempDir
    private Path directory;

    @Override
    protected SyncTransportProvider provider() {
        return new ${className}TransportProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("directory", directory.toString());
    }

    @Override
    protected Operation deliverable() {
        return Operation.of("${id}.append", "inbox.log", "");
    }

    @Override
    protected List<Received> received() {
        try {
            List<String> lines = Files.exists(inbox()) ? Files.readAllLines(inbox()) : List.of();
            return lines.stream().map(${className}TransportTest::parse).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Received parse(String line) {
        String[] fields = line.split("\t", -1);
        return Received.of(Base64.getDecoder().decode(fields[1]), fields[0]);
    }

    @Override
    protected Optional<Operation> unreachable() {
        return Optional.of(Operation.of("${id}.append", "not-mounted/inbox.log", ""));
    }

    @Override
    protected Optional<Operation> malformed() {
        return Optional.of(Operation.of("${id}.append", "../outside.log", ""));
    }

    @Override
    protected Optional<Operation> refused() {
        return Optional.of(Operation.of("${id}.rename", "inbox.log", ""));
    }

    @Test
    void aLineThatACrashLeftUnfinishedIsCutOff() throws Exception {
        Files.writeString(inbox(), "key-1\tYQ==\nkey-2\tY");

        SendResult result = transport()
                .send(deliverable().toBuilder().idempotencyKey("key-3").payload("c").build());

        assertThat(result.ok()).isTrue();
        assertThat(Files.readString(inbox())).isEqualTo("key-1\tYQ==\nkey-3\tYw==\n");
    }

    private Path inbox() {
        return directory.resolve("inbox.log");
    }
}
