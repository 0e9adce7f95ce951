package dev.tidesync.engine.plugin;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Runs a plugin's code with the plugin's class loader as the thread's context loader, since libraries inside a plugin
 * look up their own services and resources through it.
 */
final class ContextLoader {
    private ContextLoader() {}

    static <T> T call(ClassLoader loader, Callable<T> code) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return code.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    static void run(ClassLoader loader, Runnable code) {
        ask(loader, () -> {
            code.run();
            return true;
        });
    }

    /** As {@link #call}, for code that throws no checked exception. */
    static <T> T ask(ClassLoader loader, Supplier<T> code) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return code.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
