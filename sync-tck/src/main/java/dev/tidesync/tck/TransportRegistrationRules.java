package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 1: an engine can find the plugin and learn what it is. */
abstract class TransportRegistrationRules extends TransportScene {
    private static final String SERVICES_FILE = "META-INF/services/" + SyncTransportProvider.class.getName();

    private static final Pattern SECRET_NAME = Pattern.compile("(^|[.-])(password|passphrase|secret|token|api-key)$");

    @Test
    @DisplayName("1.1 the provider is a public class with a public constructor without parameters")
    final void theProviderCanBeInstantiated() throws NoSuchMethodException {
        Class<?> type = provider().getClass();

        assertThat(Modifier.isPublic(type.getModifiers())).as("public").isTrue();
        assertThat(Modifier.isPublic(type.getConstructor().getModifiers()))
                .as("public constructor")
                .isTrue();
    }

    @Test
    @DisplayName("1.2 META-INF/services names the provider, so that it is found on the class path")
    final void theServicesFileNamesTheProvider() throws Exception {
        List<String> registered = servicesFile(home())
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .toList();

        assertThat(registered).contains(provider().getClass().getName());
    }

    @Test
    @DisplayName("1.3 module-info, if there is one, provides it too, so that it is found on the module path")
    final void theModuleProvidesTheProvider() throws Exception {
        ModuleFinder.of(home()).findAll().stream()
                .map(module -> module.descriptor())
                .filter(module -> !module.isAutomatic())
                .forEach(module -> assertThat(providersOf(module))
                        .as("provides clause of module %s", module.name())
                        .contains(provider().getClass().getName()));
    }

    private static List<String> providersOf(ModuleDescriptor module) {
        return module.provides().stream()
                .filter(clause -> clause.service().equals(SyncTransportProvider.class.getName()))
                .flatMap(clause -> clause.providers().stream())
                .toList();
    }

    /** The JAR or directory of classes that the provider was loaded from. */
    private Path home() throws URISyntaxException {
        return Path.of(provider()
                .getClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static String servicesFile(Path home) throws IOException {
        if (Files.isDirectory(home)) {
            Path file = home.resolve(SERVICES_FILE);
            assertThat(file).exists();
            return Files.readString(file);
        }
        try (JarFile jar = new JarFile(home.toFile())) {
            assertThat(jar.getEntry(SERVICES_FILE))
                    .as("%s in %s", SERVICES_FILE, home)
                    .isNotNull();
            try (InputStream file = jar.getInputStream(jar.getEntry(SERVICES_FILE))) {
                return new String(file.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    @DisplayName("1.4 the descriptor is always the same")
    final void theDescriptorIsAlwaysTheSame() {
        TransportDescriptor first = provider().descriptor();
        TransportDescriptor second = provider().descriptor();

        assertThat(second).hasToString(first.toString());
        assertThat(keyNames(second)).isEqualTo(keyNames(first));
    }

    private static List<String> keyNames(TransportDescriptor descriptor) {
        return descriptor.configSpec().keys().stream().map(ConfigKey::name).toList();
    }

    @Test
    @DisplayName("1.5 the SPI level is one that this version serves")
    final void theSpiLevelIsServed() {
        assertThat(provider().descriptor().spiLevel()).isBetween(SyncSpi.MIN_SUPPORTED, SyncSpi.LEVEL);
    }

    @Test
    @DisplayName("1.6 every setting is explained, and one that holds a secret is marked as such")
    final void everySettingIsExplained() {
        for (ConfigKey key : provider().descriptor().configSpec().keys()) {
            assertThat(key.doc()).as("doc of '%s'", key.name()).isNotBlank();
            if (SECRET_NAME.matcher(key.name()).find()) {
                assertThat(key.secret()).as("'%s' is secret", key.name()).isTrue();
            }
        }
    }

    @Test
    @DisplayName("1.7 each transport that the provider makes is a new one")
    final void eachTransportIsANewOne() {
        assertThat(create()).isNotSameAs(create());
    }
}
