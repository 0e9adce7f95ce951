package dev.tidesync.engine.plugin;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the plugin that ends the whole process by {@code System.exit}: a shutdown hook that looks at who called it. Of
 * {@code Runtime.halt} and of a crash of the virtual machine nothing can be told. Safe for use by many threads.
 */
final class ExitWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);
    private static final Set<String> EXITS = Set.of("java.lang.System", "java.lang.Runtime", "java.lang.Shutdown");

    private final Thread hook = new Thread(ExitWatch::report, "tidesync-exit-watch");

    private ExitWatch() {}

    /** Watches from now on. */
    static ExitWatch start() {
        ExitWatch watch = new ExitWatch();
        try {
            Runtime.getRuntime().addShutdownHook(watch.hook);
        } catch (IllegalStateException alreadyEnding) {
            LOG.debug("this process is ending already; nobody watches who else ends it", alreadyEnding);
        }
        return watch;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            LOG.debug("this process is ending, and the hook has its say", ending);
        }
    }

    private static void report() {
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        stacks.values().stream()
                .flatMap(stack -> culprit(stack).stream())
                .findFirst()
                .ifPresent(frame -> LOG.error(
                        "{} ended this process: {}.{} calls System.exit; remove the plugin, and report it to its author",
                        owner(frame),
                        frame.getClassName(),
                        frame.getMethodName()));
    }

    private static String owner(StackTraceElement frame) {
        String loader = String.valueOf(frame.getClassLoaderName());
        return loader.startsWith(PluginClassLoader.NAME_PREFIX)
                ? "plugin '" + loader.substring(PluginClassLoader.NAME_PREFIX.length()) + "'"
                : "a plugin on the class path";
    }

    /** The frame that called {@code exit}, if it is a plugin's: its loader is, or the engine's guard called it. */
    static Optional<StackTraceElement> culprit(StackTraceElement... stack) {
        List<StackTraceElement> frames = Arrays.asList(stack);
        Optional<StackTraceElement> caller = frames.stream()
                .dropWhile(frame -> !EXITS.contains(frame.getClassName()))
                .dropWhile(frame -> EXITS.contains(frame.getClassName()))
                .findFirst();
        return caller.filter(unused -> frames.stream().anyMatch(frame -> isOfPlugin(frame) || isGuard(frame)));
    }

    private static boolean isOfPlugin(StackTraceElement frame) {
        return String.valueOf(frame.getClassLoaderName()).startsWith(PluginClassLoader.NAME_PREFIX);
    }

    private static boolean isGuard(StackTraceElement frame) {
        return frame.getClassName().equals(ContextLoader.class.getName());
    }
}
