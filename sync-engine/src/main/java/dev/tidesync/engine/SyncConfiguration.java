package dev.tidesync.engine;

import dev.tidesync.engine.inbox.FileInbox;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.InstalledCommand;
import dev.tidesync.engine.plugin.InstalledCommands;
import dev.tidesync.engine.plugin.PluginAdmission;
import dev.tidesync.engine.plugin.PluginLock;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a person can set, as written in a {@code .properties} file. Immutable.
 *
 * <p>Keys are kebab-case: {@code outbox.*}, {@code inbox.*}, {@code engine.*}, {@code retry.*}, {@code limits.*},
 * {@code plugins.*}, {@code routes.<prefix>=<instance>} and {@code transports.<instance>.<key>}, for which
 * {@code <instance>.<key>} is short. A value may be {@code ${env:NAME}} or {@code ${file:PATH}}, which stand for
 * secrets.
 *
 * <p>Reading a configuration does not judge it, so that a later setting can mend an earlier one. Everything is checked
 * at once by whatever uses it first; then all problems come in one {@link ConfigurationException}.
 */
public final class SyncConfiguration {
    private static final String MASK = "••••";

    /** Keys of an instance that are the engine's and not the plugin's. */
    private static final Set<String> INSTANCE_KEYS = Set.of("plugin", "kinds");

    /** Settings by full key, whether they were written in full or short. */
    private final SortedMap<String, Setting> settings;

    private final List<ConfigProblem> readingProblems;
    private final List<Path> pluginFolders;

    /**
     * A setting as a person made it.
     *
     * @param key the key as it was written
     * @param value the value as it was written
     * @param origin where it was written, in parentheses; empty if it was set in code
     */
    private record Setting(String key, String value, String origin) {}

    private SyncConfiguration(
            SortedMap<String, Setting> settings, List<ConfigProblem> readingProblems, List<Path> pluginFolders) {
        this.settings = settings;
        this.readingProblems = List.copyOf(readingProblems);
        this.pluginFolders = List.copyOf(pluginFolders);
    }

    /** A configuration in which everything has its default. */
    public static SyncConfiguration defaults() {
        return of(Map.of());
    }

    /** A configuration of settings made in code. */
    public static SyncConfiguration of(Map<String, String> settings) {
        SyncConfiguration configuration = new SyncConfiguration(new TreeMap<>(), List.of(), List.of());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            configuration = configuration.with(setting.getKey(), setting.getValue());
        }
        return configuration;
    }

    /**
     * Reads a {@code .properties} file in UTF-8.
     *
     * @throws ConfigurationException if the file cannot be read, or is no properties file
     */
    public static SyncConfiguration load(Path file) {
        SortedMap<String, Setting> settings = new TreeMap<>();
        List<ConfigProblem> problems = new ArrayList<>();
        for (PropertiesFile.Line line : linesOf(file)) {
            String origin = " (" + file + ", line " + line.line() + ")";
            Setting earlier = settings.put(ConfigKeys.full(line.key()), new Setting(line.key(), line.value(), origin));
            if (earlier != null) {
                problems.add(new ConfigProblem(line.key(), "is set twice; remove one" + earlier.origin() + origin));
            }
        }
        return new SyncConfiguration(settings, problems, List.of());
    }

    private static List<PropertiesFile.Line> linesOf(Path file) {
        try {
            return PropertiesFile.read(file);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ConfigurationException(
                    List.of(new ConfigProblem(file.toString(), "cannot be read: " + unreadable)));
        }
    }

    /** A copy with one more setting, which beats one of the same key. */
    public SyncConfiguration with(String key, String value) {
        SortedMap<String, Setting> more = new TreeMap<>(settings);
        more.put(ConfigKeys.full(key), new Setting(key, value, ""));
        return new SyncConfiguration(more, readingProblems, pluginFolders);
    }

    /** A copy that finds plugins in this folder too, such as that of an installation; besides {@code plugins.dir}. */
    public SyncConfiguration withPluginFolder(Path folder) {
        List<Path> more = new ArrayList<>(pluginFolders);
        more.add(folder);
        return new SyncConfiguration(settings, readingProblems, more);
    }

    /**
     * Checks the engine's own settings; those of transports are checked when these are opened.
     *
     * @throws ConfigurationException if anything is wrong; names everything that is
     */
    public void check() {
        refuse(problemsOf(new EngineSettings(this::below)));
    }

    private EngineSettings checked() {
        EngineSettings engine = new EngineSettings(this::below);
        refuse(problemsOf(engine));
        return engine;
    }

    private static void refuse(List<ConfigProblem> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private List<ConfigProblem> problemsOf(EngineSettings engine) {
        List<ConfigProblem> problems = new ArrayList<>(readingProblems);
        for (Setting setting : settings.values()) {
            ConfigKeys.problemOf(setting.key())
                    .ifPresent(problem ->
                            problems.add(new ConfigProblem(problem.key(), problem.message() + setting.origin())));
        }
        engine.problems().forEach(problem -> problems.add(located(problem)));
        return problems;
    }

    /** The problem under the key as it was written, with the place where it was written. */
    private ConfigProblem located(ConfigProblem problem) {
        Setting setting = settings.get(problem.key());
        return setting == null ? problem : new ConfigProblem(setting.key(), problem.message() + setting.origin());
    }

    /** The settings whose full keys begin with the prefix, by the rest of their keys. */
    private Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        settings.forEach((key, setting) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), setting.value());
            }
        });
        return found;
    }

    /**
     * How an outbox behaves.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public Outbox.Config outbox(InstantSource clock) {
        return checked().outbox().clock(clock).build();
    }

    /**
     * The settings below {@code outbox.}, those of the file store among them, with their defaults.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public Settings store() {
        return checked().section(ConfigSection.OUTBOX);
    }

    /**
     * Where the file store of an outbox lives and how it writes.
     *
     * @param dataDirectory where {@code outbox.json} lies
     * @throws ConfigurationException as {@link #check}
     */
    public FileOutboxStore.Config fileStore(Path dataDirectory, InstantSource clock) {
        return checked()
                .fileStore()
                .filePath(dataDirectory.resolve("outbox.json"))
                .clock(clock)
                .build();
    }

    /**
     * Where an inbox lives and how much it takes.
     *
     * @param dataDirectory where its log lies
     * @throws ConfigurationException as {@link #check}
     */
    public FileInbox.Config inbox(Path dataDirectory, InstantSource clock) {
        return checked().inbox().directory(dataDirectory).clock(clock).build();
    }

    /** Where the outbox is kept; {@code outbox.url}, empty if it is not set. */
    String outboxUrl() {
        return store().text("url").orElse("");
    }

    /** The settings of one kind of store, such as all below {@code outbox.jdbc.} */
    Map<String, String> storeSettings(String scheme) {
        return below(ConfigSection.OUTBOX.prefix() + scheme + ".");
    }

    /**
     * Opens the outbox alone, without any transport; its store is the caller's to close.
     *
     * @param dataDirectory where it lies, unless {@code outbox.url} says otherwise
     * @throws ConfigurationException as {@link #check}
     * @throws dev.tidesync.spi.OutboxStoreException if the store cannot be opened; says why, and who holds it if it is
     *     held
     */
    public Outbox openOutbox(Path dataDirectory, InstantSource clock) {
        Outbox.Config config = outbox(clock);
        OutboxStore store = outboxUrl().isEmpty()
                ? FileOutboxStore.open(fileStore(dataDirectory, clock))
                : new StoreFinder(this, clock).open(outboxUrl());
        return new Outbox(store, config);
    }

    /** What others are told that holds the outbox; {@code outbox.holder}, default the program's main class. */
    String holder() {
        return checked().fileStore().build().holder();
    }

    /**
     * What follows a failure.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public RetryPolicy retry() {
        return checked().retry();
    }

    /**
     * How an engine behaves.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public SyncEngine.Config engine() {
        return checked().engine();
    }

    /**
     * Whether other processes may reach the outbox of an engine through a socket; {@code engine.control-socket},
     * default false.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public boolean controlSocket() {
        return checked().section(ConfigSection.ENGINE).flag("control-socket");
    }

    /**
     * Where {@code tidesync run} serves metrics on loopback, 0 for any port; {@code metrics.port}, empty unless set. An
     * application serves them with {@code dev.tidesync.metrics.MetricsServer}.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public OptionalInt metricsPort() {
        return checked().metricsPort();
    }

    /**
     * Finds the plugins on the class path and in the folders of {@code plugins.dir}, and starts them. A plugin that is
     * broken is reported and costs only itself; settings that are wrong are refused.
     *
     * @param dataDirectory where transports keep their data, each in {@code transports/<instance>}
     * @throws ConfigurationException if anything is wrong, in the engine's own settings or in those of transports;
     *     names everything that is
     * @throws IllegalStateException if two plugins have one id or an equal claim to a prefix
     */
    public TransportRegistry openTransports(Path dataDirectory, InstantSource clock) {
        return open(transports().dataDirectory(dataDirectory).clock(clock));
    }

    /**
     * As {@link #openTransports(Path, InstantSource)}, for transports that may also receive, and pass on what they
     * receive.
     */
    TransportRegistry openTransports(Path dataDirectory, InstantSource clock, Inbox inbox, Enqueuer outbox) {
        return open(transports()
                .dataDirectory(dataDirectory)
                .clock(clock)
                .inbox(inbox)
                .outbox(outbox));
    }

    private TransportRegistry open(TransportRegistry.Builder builder) {
        TransportRegistry registry = builder.build();
        EngineSettings engine = new EngineSettings(this::below);
        List<ConfigProblem> problems = problemsOf(engine);
        registry.settingProblems().forEach(problem -> problems.add(located(problem)));
        new PluginDemands(engine.section(ConfigSection.PLUGINS))
                .unmetBy(registry.reports())
                .forEach(problem -> problems.add(located(problem)));
        if (!problems.isEmpty()) {
            registry.close();
        }
        refuse(problems);
        return registry;
    }

    /**
     * A registry builder with everything that this configuration says of plugins, their instances and routes. What it
     * builds reports wrong settings instead of refusing them, which is what a listing wants.
     *
     * @throws ConfigurationException if {@code plugins.lock} names a file that cannot be read
     */
    public TransportRegistry.Builder transports() {
        TransportRegistry.Builder builder =
                TransportRegistry.builder().classPath(SyncConfiguration.class.getClassLoader());
        PluginAdmission admission = pluginAdmission();
        pluginFolders().forEach(folder -> builder.pluginFolder(folder, admission));
        instances().forEach(builder::instance);
        below(ConfigKeys.ROUTES).forEach(builder::route);
        return builder;
    }

    /** The folders that plugins lie in: those of {@code plugins.dir}, then those of the installation. */
    public List<Path> pluginFolders() {
        List<Path> folders = new ArrayList<>(new EngineSettings(this::below).pluginFolders());
        folders.addAll(pluginFolders);
        return List.copyOf(folders);
    }

    /** The lock file that {@code plugins.lock} names; it need not exist yet. */
    public Optional<Path> pluginLock() {
        return new EngineSettings(this::below).pluginLock();
    }

    private PluginAdmission pluginAdmission() {
        List<String> allowed =
                new EngineSettings(this::below).section(ConfigSection.PLUGINS).list("allow");
        PluginAdmission admission = below("plugins.").containsKey("allow")
                ? PluginAdmission.everything().allowing(allowed)
                : PluginAdmission.everything();
        return pluginLock().map(file -> admission.lockedBy(lockIn(file))).orElse(admission);
    }

    private PluginLock lockIn(Path file) {
        try {
            return PluginLock.read(file);
        } catch (IOException unreadable) {
            ConfigProblem problem = new ConfigProblem(
                    "plugins.lock",
                    "cannot be read: " + unreadable + "; write it with 'tidesync plugins lock', or remove the setting");
            throw new ConfigurationException(List.of(located(problem)));
        }
    }

    /**
     * The commands that the plugins bring, found where {@link #transports} looks.
     *
     * @throws ConfigurationException as {@link #transports}
     */
    public InstalledCommands commands() {
        return InstalledCommands.find(SyncConfiguration.class.getClassLoader(), pluginFolders(), pluginAdmission());
    }

    /**
     * The settings that a plugin's command reads: those of the instance named like the plugin.
     *
     * @throws ConfigurationException if they are wrong; names everything that is
     */
    public Settings settingsFor(InstalledCommand command) {
        Map<String, String> raw = new TreeMap<>(instances().getOrDefault(command.pluginId(), Map.of()));
        raw.keySet().removeAll(INSTANCE_KEYS);
        try {
            return Settings.of(command.configSpec(), raw);
        } catch (TransportConfigException wrong) {
            String section = ConfigKeys.TRANSPORTS + command.pluginId() + ".";
            refuse(wrong.problems().stream()
                    .map(problem -> located(new ConfigProblem(section + problem.key(), problem.message())))
                    .toList());
            throw new AssertionError("settings are refused without a problem", wrong);
        }
    }

    private Map<String, Map<String, String>> instances() {
        Map<String, Map<String, String>> instances = new TreeMap<>();
        below(ConfigKeys.TRANSPORTS).forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot > 0) {
                instances
                        .computeIfAbsent(key.substring(0, dot), unseen -> new TreeMap<>())
                        .put(key.substring(dot + 1), value);
            }
        });
        return instances;
    }

    /**
     * Every setting that was made, in full; values are shown for the engine's own only, since others may be secrets.
     */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        settings.forEach(
                (key, setting) -> shown.put(key, key.startsWith(ConfigKeys.TRANSPORTS) ? MASK : setting.value()));
        return shown.toString();
    }
}
