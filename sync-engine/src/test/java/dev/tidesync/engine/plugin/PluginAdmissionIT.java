package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.engine.ConfigurationException;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.plugin.PluginReport.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What configuration lets in from plugin folders, and what it demands of that before a start. */
class PluginAdmissionIT {
    private static final String LOADED = "tidesync.test.loaded";

    @TempDir
    private Path directory;

    private Path plugins;
    private Path lock;
    private PluginWorkshop workshop;

    @BeforeEach
    void installTwoPlugins() throws IOException {
        plugins = directory.resolve("plugins");
        lock = directory.resolve("plugins.lock");
        String telling = "static { System.setProperty(\"" + LOADED + "\", System.getProperty(\"" + LOADED
                + "\", \"\") + \"Telling \"); }";
        workshop = new PluginWorkshop(
                directory,
                Map.of(
                        "Telling", "package workshop; public class Telling extends Sound { " + telling + " }",
                        "Other", "package workshop; public class Other extends Sound {}",
                        "Library", "package workshop; public class Library {}"));
        workshop.jarOf(plugins.resolve("telling/telling.jar"), "Telling");
        workshop.jarOf(plugins.resolve("other.jar"), "Other");
    }

    @AfterEach
    void forgetWhatWasLoaded() {
        System.clearProperty(LOADED);
    }

    @Test
    void onlyWhatIsAllowedIsLoaded() {
        PluginReport refused = refusedOf(Map.of("plugins.allow", "other"), "telling");

        assertThat(refused.problem()).isEqualTo("is not among plugins.allow");
        assertThat(refused.hint()).isEqualTo("add 'telling' to plugins.allow, or remove it");
        assertThat(System.getProperty(LOADED)).isNull();
    }

    @Test
    void anEmptyAllowListAllowsNothing() {
        try (TransportRegistry registry = registry(Map.of("plugins.allow", ""))) {
            assertThat(registry.prefixes()).isEmpty();
            assertThat(registry.reports())
                    .filteredOn(report -> report.state() == State.REJECTED)
                    .extracting(PluginReport::id)
                    .containsExactly("other", "telling");
        }
    }

    @Test
    void whatIsAsItWasLockedIsLoaded() throws IOException {
        PluginLock.of(List.of(plugins)).write(lock);

        try (TransportRegistry registry = registry(locked())) {
            assertThat(registry.prefixes()).containsExactly("other.", "telling.");
        }
        assertThat(System.getProperty(LOADED)).isEqualTo("Telling ");
        assertThat(PluginLock.read(lock).differences(List.of(plugins))).isEmpty();
    }

    @Test
    void aJarThatHasChangedIsNotLoaded() throws IOException {
        PluginLock.of(List.of(plugins)).write(lock);
        workshop.jar(plugins.resolve("telling/telling.jar"), List.of("workshop.Telling"), "Sound", "Telling", "Other");

        assertThat(refusedOf(locked(), "telling").problem())
                .isEqualTo("has changed since it was locked: telling/telling.jar");
        assertThat(System.getProperty(LOADED)).isNull();
    }

    @Test
    void aPluginWithAJarMoreOrLessIsNotLoaded() throws IOException {
        PluginLock.of(List.of(plugins)).write(lock);
        Path more = PluginWorkshop.pack(plugins.resolve("telling/more.jar"), workshop.classFiles("Library"));

        assertThat(refusedOf(locked(), "telling").problem())
                .isEqualTo("has a JAR that is not locked: telling/more.jar");

        PluginLock.of(List.of(plugins)).write(lock);
        Files.delete(more);
        assertThat(refusedOf(locked(), "telling").problem()).isEqualTo("lacks a JAR that is locked: telling/more.jar");
        assertThat(System.getProperty(LOADED)).isNull();
    }

    @Test
    void everyDifferenceIsListed() throws IOException {
        PluginLock.of(List.of(plugins)).write(lock);
        Files.delete(plugins.resolve("other.jar"));
        workshop.jarOf(plugins.resolve("new.jar"), "Other");

        assertThat(PluginLock.read(lock).differences(List.of(plugins)))
                .containsExactly(
                        plugins.resolve("new.jar") + " has a JAR that is not locked: new.jar",
                        "other.jar is locked, but not there");
    }

    @Test
    void aLockThatCannotBeReadStopsTheStart() throws IOException {
        assertThatThrownBy(() -> registry(locked()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.lock: cannot be read: ")
                .hasMessageContaining("write it with 'tidesync plugins lock'");

        Files.writeString(lock, "no lock\n");
        assertThatThrownBy(() -> registry(locked())).hasMessageContaining("line 1: expected a SHA-256 and a path");
    }

    @Test
    void aCommandOfAPluginThatIsNotAdmittedIsNotLoaded() {
        SyncConfiguration configuration =
                configuration(Map.of("plugins.allow", "nothing", "plugins.dir", plugins.toString()));

        try (InstalledCommands commands = configuration.commands()) {
            assertThat(commands.names()).isEmpty();
        }
    }

    @Test
    void aRequiredTransportThatDoesNotRunStopsTheStart() {
        SyncConfiguration configuration =
                configuration(Map.of("plugins.allow", "other", "plugins.required", "telling, other, gone"));

        assertThatThrownBy(() -> configuration.openTransports(directory, InstantSource.system()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.required: transport 'telling' is not among plugins.allow")
                .hasMessageContaining("plugins.required: transport 'gone' was not found")
                .hasMessageNotContaining("transport 'other'");
    }

    @Test
    void aBrokenPluginStopsTheStartOnlyIfItIsSaidSo() throws IOException {
        Files.writeString(plugins.resolve("damaged.jar"), "PK but no more");

        configuration(Map.of())
                .openTransports(directory, InstantSource.system())
                .close();
        SyncConfiguration strict = configuration(Map.of("plugins.on-failure", "fail"));
        assertThatThrownBy(() -> strict.openTransports(directory, InstantSource.system()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugins.on-failure: plugin 'damaged.jar' is not a readable JAR");
    }

    private Map<String, String> locked() {
        return Map.of("plugins.lock", lock.toString());
    }

    private PluginReport refusedOf(Map<String, String> settings, String id) {
        try (TransportRegistry registry = registry(settings)) {
            assertThat(registry.prefixes()).contains("other.").doesNotContain(id + ".");
            PluginReport refused = registry.reports().stream()
                    .filter(report -> report.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.state()).isEqualTo(State.REJECTED);
            return refused;
        }
    }

    private TransportRegistry registry(Map<String, String> settings) {
        return configuration(settings).transports().dataDirectory(directory).build();
    }

    private SyncConfiguration configuration(Map<String, String> settings) {
        return SyncConfiguration.of(settings).withPluginFolder(plugins);
    }
}
