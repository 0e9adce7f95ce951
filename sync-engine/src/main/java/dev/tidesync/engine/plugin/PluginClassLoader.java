package dev.tidesync.engine.plugin;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * The class loader of one plugin: its own JARs, the platform, and the few packages that plugin and engine must share.
 * Whatever else the engine or another plugin brings along, such as another version of a library, it does not see.
 */
final class PluginClassLoader extends URLClassLoader {
    private static final List<String> SHARED_PACKAGES = List.of("dev.tidesync.api.", "dev.tidesync.spi.", "org.slf4j.");

    /** What the names of such loaders begin with; stack traces show them. */
    static final String NAME_PREFIX = "plugin-";

    static {
        registerAsParallelCapable();
    }

    PluginClassLoader(String plugin, List<URL> jars, ClassLoader host) {
        super(NAME_PREFIX + plugin, jars.toArray(URL[]::new), new SharedPackages(host));
    }

    /**
     * Shows the platform and the shared packages of the host; asked first, so that a plugin's own copies are unused.
     */
    private static final class SharedPackages extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final ClassLoader host;

        SharedPackages(ClassLoader host) {
            super("tidesync-spi", ClassLoader.getPlatformClassLoader());
            this.host = host;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED_PACKAGES.stream().anyMatch(name::startsWith)) {
                return host.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
