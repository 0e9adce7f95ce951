package dev.tidesync.engine;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.OutboxStoreContext;
import dev.tidesync.spi.OutboxStoreProvider;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.TransportConfigException;
import java.time.InstantSource;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens the store that an outbox URL names: the one provider on the class path that serves its scheme. */
final class StoreFinder {
    private static final String URL_KEY = "outbox.url";

    private final SyncConfiguration configuration;
    private final InstantSource clock;

    StoreFinder(SyncConfiguration configuration, InstantSource clock) {
        this.configuration = configuration;
        this.clock = clock;
    }

    /**
     * Opens the store.
     *
     * @throws ConfigurationException if no provider serves the scheme, several do, or its settings are wrong
     */
    OutboxStore open(String url) {
        String scheme = url.substring(0, Math.max(0, url.indexOf(':')));
        OutboxStoreProvider provider = provider(scheme, url);
        try {
            return provider.open(new Context(url, settings(provider), clock));
        } catch (TransportConfigException wrong) {
            throw new ConfigurationException(wrong.problems().stream()
                    .map(problem -> new ConfigProblem("outbox." + scheme + "." + problem.key(), problem.message()))
                    .toList());
        }
    }

    private OutboxStoreProvider provider(String scheme, String url) {
        List<OutboxStoreProvider> providers = providers();
        List<OutboxStoreProvider> serving = providers.stream()
                .filter(provider -> provider.scheme().equals(scheme))
                .toList();
        if (serving.isEmpty()) {
            List<String> schemes =
                    providers.stream().map(OutboxStoreProvider::scheme).sorted().toList();
            throw problem("no store serves '" + url + "'; loaded schemes: " + schemes + "; add the store's JAR");
        }
        if (serving.size() > 1) {
            throw problem("several stores serve '" + scheme + ":': "
                    + serving.stream()
                            .map(provider -> provider.getClass().getName())
                            .toList() + "; remove all but one");
        }
        return requireLevel(serving.get(0));
    }

    private static List<OutboxStoreProvider> providers() {
        try {
            return ServiceLoader.load(OutboxStoreProvider.class, StoreFinder.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError broken) {
            throw problem(
                    "a store provider on the class path is broken: " + broken.getMessage() + "; mend or remove it");
        }
    }

    private static OutboxStoreProvider requireLevel(OutboxStoreProvider provider) {
        int level = provider.spiLevel();
        if (level < SyncSpi.MIN_SUPPORTED || level > SyncSpi.LEVEL) {
            throw problem(provider.getClass().getName() + " was made for SPI level " + level + ", this engine serves "
                    + SyncSpi.MIN_SUPPORTED + " to " + SyncSpi.LEVEL + "; use a matching version of it");
        }
        return provider;
    }

    /** The file store's settings are the engine's own, below {@code outbox.}; others have a section of their own. */
    private Settings settings(OutboxStoreProvider provider) throws TransportConfigException {
        return provider.scheme().equals("file")
                ? configuration.store()
                : Settings.of(provider.configSpec(), new TreeMap<>(configuration.storeSettings(provider.scheme())));
    }

    private static ConfigurationException problem(String message) {
        return new ConfigurationException(List.of(new ConfigProblem(URL_KEY, message)));
    }

    private record Context(String url, Settings settings, InstantSource clock) implements OutboxStoreContext {}
}
