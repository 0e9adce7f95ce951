package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFinderTest {
    @TempDir
    Path directory;

    @Test
    void theSchemeOfTheUrlChoosesTheStore() {
        Path file = directory.resolve("elsewhere").resolve("orders.json");
        try (SyncEngine engine = open(Map.of("outbox.url", "file:" + file))) {
            engine.enqueue(Operation.of("none.send", "somewhere", "x"));
        }

        assertThat(file).exists();
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void anUnknownSchemeIsRefusedByName() {
        assertThatThrownBy(() -> open(Map.of("outbox.url", "redis://localhost")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no store serves 'redis://localhost'; loaded schemes: [file]");
    }

    @Test
    void withoutAUrlTheOutboxLiesInTheDataDirectory() throws Exception {
        try (SyncEngine engine = open(Map.of())) {
            engine.enqueue(Operation.of("none.send", "somewhere", "x"));
        }

        assertThat(Files.readString(directory.resolve("data").resolve("outbox.json")))
                .contains("none.send");
    }

    private SyncEngine open(Map<String, String> settings) {
        return SyncEngine.open(directory.resolve("data"), SyncConfiguration.of(settings));
    }
}
