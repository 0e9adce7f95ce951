package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.plugin.PluginReport.State;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that was compiled against SPI level 1 works for ever. Its bytes are kept; its source lies beside them. */
class FrozenPluginIT {
    private static final String SHA_256 = "b1c25d2f569d000cc85a53d94b2c1f8c4f32722ac5665c0c2dec2167f4e6b303";

    @TempDir
    private Path directory;

    private Path plugins;

    @BeforeEach
    void install() throws Exception {
        plugins = Files.createDirectories(directory.resolve("plugins"));
        try (InputStream jar = Objects.requireNonNull(getClass().getResourceAsStream("/frozen/spi-1/frozen.jar"))) {
            Files.copy(jar, plugins.resolve("frozen.jar"));
        }
    }

    @Test
    void itsBytesAreThoseOfThen() throws Exception {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(plugins.resolve("frozen.jar")));

        assertThat(HexFormat.of().formatHex(sum)).isEqualTo(SHA_256);
    }

    @Test
    void itLoadsDeliversAndJudges() throws Exception {
        Operation later = Operation.builder()
                .id("later")
                .kind("frozen.later")
                .target("t")
                .payload("")
                .build();
        Operation never = Operation.builder()
                .id("never")
                .kind("frozen.never")
                .target("t")
                .payload("")
                .build();
        try (SyncEngine engine = SyncEngine.open(directory.resolve("data"), configuration(Map.of()))) {
            engine.outbox().enqueue(later, 0);
            engine.outbox().enqueue(never, 0);
            String id = engine.outbox().enqueue(Operation.of("frozen.append", "lines.txt", "hello"), 0);

            engine.tick(1_000);

            assertThat(engine.outbox().store().get(id).orElseThrow().status()).isEqualTo(OperationStatus.DONE);
            assertThat(Files.readString(directory.resolve("lines.txt"))).isEqualTo(id + " hello {}\n");
            assertThat(engine.outbox().store().get("never").orElseThrow().status())
                    .isEqualTo(OperationStatus.PERMANENT_FAILED);
            assertThat(engine.outbox().store().get("later").orElseThrow().nextRetryAtMs())
                    .isGreaterThanOrEqualTo(3_000);
            assertThat(engine.transports().metrics().get("frozen")).containsEntry("appended", 1L);
        }
    }

    @Test
    void itIsListedAsWhatItIs() {
        try (TransportRegistry registry = configuration(Map.of()).transports().build()) {
            assertThat(registry.reports())
                    .filteredOn(report -> report.id().equals("frozen"))
                    .singleElement()
                    .satisfies(report -> {
                        assertThat(report.state()).isEqualTo(State.READY);
                        assertThat(report.spiLevel()).isEqualTo(1);
                        assertThat(report.version()).isEqualTo("1.0.0");
                    });
        }
    }

    @Test
    void itsOwnComplaintsAboutSettingsAreReported() {
        try (TransportRegistry registry =
                configuration(Map.of("frozen.headers.bad", "x")).transports().build()) {
            assertThat(registry.settingProblems())
                    .extracting(Object::toString)
                    .containsExactly("transports.frozen.headers.bad: is refused");
        }
    }

    @Test
    void itsCommandIsFound() {
        try (InstalledCommands commands = configuration(Map.of()).commands()) {
            assertThat(commands.names()).contains("frozen");
        }
    }

    private SyncConfiguration configuration(Map<String, String> more) {
        return SyncConfiguration.of(more)
                .with("frozen.directory", directory.toString())
                .withPluginFolder(plugins);
    }
}
