package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidesync.engine.inbox.FileInbox;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.PluginReport;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncConfigurationTest {
    @TempDir
    private Path directory;

    @Test
    void theInboxIsConfiguredBesideTheOutbox() {
        FileInbox.Config inbox = SyncConfiguration.of(Map.of(
                        "inbox.retention", "7d",
                        "inbox.max-keys", "5",
                        "inbox.max-waiting-bytes", "8GiB",
                        "inbox.handler-threads", "2",
                        "outbox.fsync-on-write", "false"))
                .inbox(Path.of("data"), InstantSource.system());

        assertThat(inbox.directory()).isEqualTo(Path.of("data"));
        assertThat(inbox.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(inbox.maxKeys()).isEqualTo(5);
        assertThat(inbox.maxWaitingBytes()).isEqualTo(8L << 30);
        assertThat(inbox.handlerThreads()).isEqualTo(2);
        assertThat(inbox.fsyncOnWrite()).isFalse();
        assertThatThrownBy(() -> SyncConfiguration.of(
                                Map.of("inbox.max-keys", "0", "inbox.retry-max-delay", "1ms", "inbox.retenshun", "1d"))
                        .check())
                .hasMessageContaining("inbox.max-keys: must be at least 1, was: 0")
                .hasMessageContaining("inbox.retry-max-delay: must be at least retryBaseDelay")
                .hasMessageContaining("did you mean 'retention'");
    }

    @Test
    void whatIsNotSetKeepsItsDefault() {
        SyncConfiguration configuration = SyncConfiguration.defaults();

        assertThat(configuration.engine().workerCount()).isEqualTo(1);
        assertThat(configuration.engine().idleSleep()).isEqualTo(Duration.ofMillis(250));
        assertThat(configuration.engine().batchLimit()).isEqualTo(25);
        assertThat(configuration.retry()).hasToString(RetryPolicy.defaults().toString());
        assertThat(configuration.outbox(InstantSource.system()).autoGenerateIds())
                .isTrue();
        assertThat(configuration.controlSocket()).isFalse();
        assertThat(configuration.store().flag("fsync-on-write")).isTrue();
        assertThat(configuration.store().sizeBytes("segment-bytes")).isEqualTo(64L << 20);
    }

    @Test
    void everySectionIsReadIntoWhatItConfigures() throws IOException {
        SyncConfiguration configuration = load("""
                # a comment
                outbox.owner = phone-1
                outbox.auto-generate-ids = false
                outbox.pretty-json = true
                engine.worker-count = 4
                engine.idle-sleep = 1s
                engine.offline-sleep = 2s
                engine.batch-limit = 256
                engine.inflight-timeout = 11s
                engine.send-timeout = 12s
                engine.stop-timeout = 13s
                engine.in-flight-window = 17
                engine.control-socket = true
                retry.max-attempts = 3
                retry.base-delay = 100ms
                retry.max-delay = 5m
                retry.factor = 1.5
                retry.jitter-ratio = 0
                limits.max-payload-bytes = 1MiB
                limits.max-name-length = 64
                """);

        SyncEngine.Config engine = configuration.engine();
        assertThat(engine.workerCount()).isEqualTo(4);
        assertThat(engine.idleSleep()).isEqualTo(Duration.ofSeconds(1));
        assertThat(engine.offlineSleep()).isEqualTo(Duration.ofSeconds(2));
        assertThat(engine.batchLimit()).isEqualTo(256);
        assertThat(engine.inflightTimeout()).isEqualTo(Duration.ofSeconds(11));
        assertThat(engine.sendTimeout()).isEqualTo(Duration.ofSeconds(12));
        assertThat(engine.stopTimeout()).isEqualTo(Duration.ofSeconds(13));
        assertThat(engine.inFlightWindow()).isEqualTo(17);
        assertThat(configuration.controlSocket()).isTrue();
        assertThat(configuration.store().flag("pretty-json")).isTrue();

        Outbox.Config outbox = configuration.outbox(InstantSource.system());
        assertThat(outbox.owner()).isEqualTo("phone-1");
        assertThat(outbox.autoGenerateIds()).isFalse();
        assertThat(outbox.limits().maxPayloadBytes()).isEqualTo(1 << 20);
        assertThat(outbox.limits().maxNameLength()).isEqualTo(64);
        assertThat(outbox.retry())
                .hasToString(RetryPolicy.builder()
                        .maxAttempts(3)
                        .baseDelay(Duration.ofMillis(100))
                        .maxDelay(Duration.ofMinutes(5))
                        .factor(1.5)
                        .jitterRatio(0)
                        .build()
                        .toString());
    }

    @Test
    void everyMistakeIsReportedAtOnceWithItsLine() throws IOException {
        Path file = write("""
                engine.worker-cuont = 4
                engine.idle-sleep = soon
                enigne.batch-limit = 5
                retry.factor = much
                retry.max-attempts = 0

                colour = blue
                limits.max-payload-bytes = 99GiB
                transports.http = yes
                """);

        assertThat(problemsOf(SyncConfiguration.load(file)::check))
                .containsExactlyInAnyOrder(
                        "engine.worker-cuont: is not a known key; did you mean 'worker-count'? (" + file + ", line 1)",
                        "engine.idle-sleep: expected a duration such as 500ms, 30s, 5m, 2h or 7d but was 'soon' ("
                                + file + ", line 2)",
                        "enigne.batch-limit: is not a known key; did you mean 'engine.batch-limit'? (" + file
                                + ", line 3)",
                        "retry.factor: expected a decimal number such as 2.0 but was 'much' (" + file + ", line 4)",
                        "retry.max-attempts: must be at least 1, was: 0 (" + file + ", line 5)",
                        "colour: is not a known key; keys begin with the id of a plugin or one of [outbox., inbox., engine.,"
                                + " retry., limits., metrics., plugins., transports., routes.] (" + file + ", line 7)",
                        "limits.max-payload-bytes: is larger than 2147483647 (" + file + ", line 8)",
                        "transports.http: names no key; write transports.<instance>.<key> (" + file + ", line 9)");
    }

    @Test
    void oneMistakeInASectionDoesNotHideAnother() {
        SyncConfiguration configuration = SyncConfiguration.of(
                Map.of("retry.max-atempts", "3", "retry.factor", "much", "retry.jitter-ratio", "7"));

        assertThat(problemsOf(configuration::check))
                .hasSize(3)
                .anyMatch(problem -> problem.startsWith("retry.max-atempts: is not a known key"))
                .anyMatch(problem -> problem.startsWith("retry.factor: expected a decimal number"))
                .anyMatch(problem -> problem.startsWith("retry.jitter-ratio: "));
    }

    @Test
    void aKeyThatIsSetTwiceIsAProblemAlsoInItsShortForm() throws IOException {
        Path file = write("http.base-url = https://a.example\ntransports.http.base-url = https://b.example\n");

        assertThat(problemsOf(SyncConfiguration.load(file)::check))
                .containsExactly("transports.http.base-url: is set twice; remove one (" + file + ", line 1) (" + file
                        + ", line 2)");
    }

    @Test
    void aLaterSettingMendsAnEarlierOne() throws IOException {
        SyncConfiguration mended = load("engine.worker-count = many\n").with("engine.worker-count", "2");

        assertThat(mended.engine().workerCount()).isEqualTo(2);
    }

    @Test
    void linesGoOnAfterABackslashAndAreReadAsUtf8() throws IOException {
        SyncConfiguration configuration = load("outbox.owner = gr\u00fc\\\n    n\nengine.worker-count: 2\n");

        assertThat(configuration.outbox(InstantSource.system()).owner()).isEqualTo("gr\u00fcn");
        assertThat(configuration.engine().workerCount()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path nowhere = directory.resolve("nowhere.properties");

        assertThatThrownBy(() -> SyncConfiguration.load(nowhere))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("configuration: " + nowhere + ": cannot be read: ");
    }

    @Test
    void aMalformedEscapeIsReportedWithItsLine() throws IOException {
        Path file = write("a.b = 1\noutbox.owner = C:\\users\n");

        assertThatThrownBy(() -> SyncConfiguration.load(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 2: Malformed \\uxxxx encoding");
    }

    @Test
    void settingsAndRoutesOfTransportsReachTheRegistry() {
        SyncConfiguration configuration = SyncConfiguration.of(
                Map.of("mqtt.broker", "tcp://localhost", "routes.mqtt.", "mqtt", "plugins.dir", directory.toString()));

        try (TransportRegistry registry = configuration.openTransports(directory, InstantSource.system())) {
            assertThat(registry.reports()).extracting(PluginReport::id).contains("mqtt");
            assertThat(registry.noRouteReason("mqtt.publish")).contains("'mqtt' was not found");
        }
    }

    @Test
    void problemsOfTransportsAndOfTheEngineComeTogether() {
        SyncConfiguration configuration =
                SyncConfiguration.of(Map.of("engine.worker-count", "x", "routes.HTTP", "http"));

        assertThat(problemsOf(() -> configuration.openTransports(directory, InstantSource.system())))
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("engine.worker-count: "))
                .anyMatch(problem -> problem.startsWith("routes.HTTP: "));
    }

    @Test
    void valuesOfTransportsAreNotShown() {
        SyncConfiguration configuration =
                SyncConfiguration.of(Map.of("http.bearer-token", "hunter2", "engine.worker-count", "2"));

        assertThat(configuration.toString())
                .contains("engine.worker-count=2", "transports.http.bearer-token=••••")
                .doesNotContain("hunter2");
    }

    @Test
    void aGoodConfigurationPassesTheCheck() {
        assertThatCode(SyncConfiguration.of(Map.of("retry.max-attempts", "1"))::check)
                .doesNotThrowAnyException();
    }

    private SyncConfiguration load(String text) throws IOException {
        return SyncConfiguration.load(write(text));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("tidesync.properties"), text);
    }

    private static List<String> problemsOf(ThrowingCallable check) {
        return catchThrowableOfType(ConfigurationException.class, check).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }
}
