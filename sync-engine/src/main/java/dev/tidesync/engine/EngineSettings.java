package dev.tidesync.engine;

import dev.tidesync.engine.inbox.FileInbox;
import dev.tidesync.engine.outbox.OperationLimits;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.KindPrefix;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/** The engine's own sections of a configuration, read into what they configure. What is wrong keeps its default. */
final class EngineSettings {
    private final Map<ConfigSection, Settings> sections = new EnumMap<>(ConfigSection.class);
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final RetryPolicy retry;
    private final Map<String, RetryPolicy> retryByPrefix = new TreeMap<>();
    private final OperationLimits limits;
    private final SyncEngine.Config engine;
    private final OptionalInt metricsPort;

    /** Reads every section; {@code below} gives the settings below a prefix such as {@code retry.} */
    EngineSettings(Function<String, Map<String, String>> below) {
        for (ConfigSection section : ConfigSection.values()) {
            sections.put(section, check(section, section.prefix(), own(section, below.apply(section.prefix()))));
        }
        this.retry = read(read(ConfigSection.RETRY), RetryPolicy.builder()).orElseGet(RetryPolicy::defaults);
        byPrefix(below.apply(ConfigSection.RETRY.prefix())).forEach(this::readRetry);
        this.limits = readLimits();
        this.engine = readEngine();
        var unused = inbox(); // so that what is wrong with it is among the problems
        this.metricsPort = readMetricsPort();
    }

    /**
     * Settings such as {@code outbox.jdbc.user} are those of one kind of store, and checked when it is opened; those
     * such as {@code retry.http.max-attempts} are read by {@link #readRetry}.
     */
    private static Map<String, String> own(ConfigSection section, Map<String, String> raw) {
        if (section == ConfigSection.OUTBOX || section == ConfigSection.RETRY) {
            raw.keySet().removeIf(key -> key.indexOf('.') > 0);
        }
        return raw;
    }

    private Settings check(ConfigSection section, String prefix, Map<String, String> raw) {
        try {
            return Settings.of(section.spec(), raw);
        } catch (TransportConfigException wrong) {
            wrong.problems()
                    .forEach(problem -> problems.add(new ConfigProblem(prefix + problem.key(), problem.message())));
            return check(section, prefix, withoutThose(wrong.problems(), raw));
        }
    }

    /** What is left is checked on, so that one mistake does not hide another in its section. */
    private static Map<String, String> withoutThose(List<ConfigProblem> wrong, Map<String, String> raw) {
        Map<String, String> rest = new TreeMap<>(raw);
        return rest.keySet().removeAll(wrong.stream().map(ConfigProblem::key).toList()) ? rest : Map.of();
    }

    /** What {@code retry.http.max-attempts} and its like set, by kind prefix, as {@code http.} */
    private static Map<String, Map<String, String>> byPrefix(Map<String, String> raw) {
        Map<String, Map<String, String>> grouped = new TreeMap<>();
        raw.forEach((key, value) -> {
            int end = key.lastIndexOf('.') + 1;
            if (end > 0) {
                grouped.computeIfAbsent(key.substring(0, end), unseen -> new TreeMap<>())
                        .put(key.substring(end), value);
            }
        });
        return grouped;
    }

    /** What a prefix does not set, it has from the general policy. */
    private void readRetry(String kindPrefix, Map<String, String> raw) {
        String prefix = ConfigSection.RETRY.prefix() + kindPrefix;
        try {
            KindPrefix.require(kindPrefix);
        } catch (IllegalArgumentException noPrefix) {
            problems.add(new ConfigProblem(prefix + "*", String.valueOf(noPrefix.getMessage())));
            return;
        }
        Settings settings = check(ConfigSection.RETRY, prefix, raw);
        read(new SectionReader(ConfigSection.RETRY, prefix, settings, problems), retry.toBuilder())
                .ifPresent(policy -> retryByPrefix.put(kindPrefix, policy));
    }

    private static Optional<RetryPolicy> read(SectionReader reader, RetryPolicy.Builder builder) {
        return reader.number("max-attempts", builder::maxAttempts)
                .duration("base-delay", builder::baseDelay)
                .duration("max-delay", builder::maxDelay)
                .decimal("factor", builder::factor)
                .decimal("jitter-ratio", builder::jitterRatio)
                .duration("max-age", builder::maxAge)
                .build(builder::build);
    }

    private OperationLimits readLimits() {
        OperationLimits.Builder builder = OperationLimits.builder();
        return read(ConfigSection.LIMITS)
                .size("max-payload-bytes", builder::maxPayloadBytes)
                .size("max-headers-bytes", builder::maxHeadersBytes)
                .size("max-target-bytes", builder::maxTargetBytes)
                .number("max-name-length", builder::maxNameLength)
                .flag("credential-headers-allowed", builder::credentialHeadersAllowed)
                .build(builder::build)
                .orElseGet(OperationLimits::defaults);
    }

    private SyncEngine.Config readEngine() {
        SyncEngine.Config.Builder builder = SyncEngine.Config.builder();
        return read(ConfigSection.ENGINE)
                .number("worker-count", builder::workerCount)
                .duration("idle-sleep", builder::idleSleep)
                .duration("offline-sleep", builder::offlineSleep)
                .number("batch-limit", builder::batchLimit)
                .duration("inflight-timeout", builder::inflightTimeout)
                .duration("send-timeout", builder::sendTimeout)
                .duration("stop-timeout", builder::stopTimeout)
                .number("in-flight-window", builder::inFlightWindow)
                .number("max-in-flight", builder::maxInFlight)
                .number("max-send-threads", builder::maxSendThreads)
                .number("max-abandoned-sends", builder::maxAbandonedSends)
                .build(builder::build)
                .orElseGet(() -> SyncEngine.Config.builder().build());
    }

    private OptionalInt readMetricsPort() {
        List<Integer> port = new ArrayList<>();
        read(ConfigSection.METRICS).number("port", port::add);
        if (port.isEmpty()) {
            return OptionalInt.empty();
        }
        if (port.get(0) < 0 || port.get(0) > 65_535) {
            problems.add(new ConfigProblem("metrics.port", "must be between 0 and 65535, was: " + port.get(0)));
        }
        return OptionalInt.of(port.get(0));
    }

    private SectionReader read(ConfigSection section) {
        return new SectionReader(section, section(section), problems);
    }

    Outbox.Config.Builder outbox() {
        Outbox.Config.Builder builder = Outbox.Config.builder().retry(retry).limits(limits);
        retryByPrefix.forEach(builder::retry);
        read(ConfigSection.OUTBOX)
                .text("owner", builder::owner)
                .flag("auto-generate-ids", builder::autoGenerateIds)
                .flag("auto-generate-idempotency-key", builder::autoGenerateIdempotencyKey);
        return builder;
    }

    FileOutboxStore.Config.Builder fileStore() {
        FileOutboxStore.Config.Builder builder = FileOutboxStore.Config.builder();
        read(ConfigSection.OUTBOX)
                .flag("pretty-json", builder::prettyJson)
                .flag("fsync-on-write", builder::fsyncOnWrite)
                .size("segment-bytes", builder::segmentBytes)
                .duration("retain-done-for", builder::retainDoneFor)
                .number("retain-done-count", builder::retainDoneCount)
                .size("compaction-bytes-per-second", builder::compactionBytesPerSecond)
                .text("holder", builder::holder);
        return builder;
    }

    /** An inbox is as durable as the outbox beside it. */
    FileInbox.Config.Builder inbox() {
        FileInbox.Config.Builder builder = FileInbox.Config.builder();
        read(ConfigSection.INBOX)
                .duration("retention", builder::retention)
                .number("max-keys", builder::maxKeys)
                .number("max-waiting", builder::maxWaiting)
                .longSize("max-waiting-bytes", builder::maxWaitingBytes)
                .number("handler-threads", builder::handlerThreads)
                .duration("retry-base-delay", builder::retryBaseDelay)
                .duration("retry-max-delay", builder::retryMaxDelay)
                .build(builder::build);
        read(ConfigSection.OUTBOX).flag("fsync-on-write", builder::fsyncOnWrite);
        return builder;
    }

    RetryPolicy retry() {
        return retry;
    }

    OperationLimits limits() {
        return limits;
    }

    SyncEngine.Config engine() {
        return engine;
    }

    OptionalInt metricsPort() {
        return metricsPort;
    }

    List<Path> pluginFolders() {
        return section(ConfigSection.PLUGINS).list("dir").stream().map(Path::of).toList();
    }

    /** The file that {@code plugins.lock} names. */
    Optional<Path> pluginLock() {
        return section(ConfigSection.PLUGINS).text("lock").map(Path::of);
    }

    Settings section(ConfigSection section) {
        return Objects.requireNonNull(sections.get(section));
    }

    /** Everything that is wrong, by full key. */
    List<ConfigProblem> problems() {
        return problems;
    }
}
