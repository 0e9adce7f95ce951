package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportDescriptor;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The provider is found in the packaged plugin, both ways that Java has. */
class DiscoveryIT {
    @Test
    void theServicesFileNamesTheProvider() {
        assertThat(ServiceLoader.load(SyncTransportProvider.class))
                .hasExactlyElementsOfTypes(WsTransportProvider.class);
    }

    @Test
    void theModuleProvidesTheProvider() throws Exception {
        ModuleLayer layer = layerOfThePlugin();
        Class<?> service = layer.findLoader("dev.tidesync.api").loadClass(SyncTransportProvider.class.getName());

        List<Object> providers = ServiceLoader.load(layer, service).stream()
                .map(provider -> (Object) provider.get())
                .toList();

        assertThat(providers).hasSize(1);
        assertThat(providers.get(0).getClass().getModule().getName()).isEqualTo("dev.tidesync.transport.ws");
        assertThat(service.getMethod("descriptor").invoke(providers.get(0)).toString())
                .startsWith("ws ");
    }

    @Test
    void theDescriptorSaysWhatThePluginIs() {
        TransportDescriptor descriptor = new WsTransportProvider().descriptor();

        assertThat(descriptor.id()).isEqualTo("ws");
        assertThat(descriptor.kindPrefixes()).containsExactly("ws.");
        assertThat(descriptor.spiLevel()).isEqualTo(SyncSpi.LEVEL);
        assertThat(descriptor.version()).matches("\\d+\\.\\d+.*");
    }

    /** The modules that the plugin needs, resolved from the class path of this test. */
    private static ModuleLayer layerOfThePlugin() {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .map(Path::of)
                .toArray(Path[]::new);
        Configuration modules = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), List.of("dev.tidesync.transport.ws"));
        return ModuleLayer.boot().defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader());
    }
}
