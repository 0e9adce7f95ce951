package dev.tidesync.engine.plugin;

import java.util.concurrent.Callable;

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
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            code.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
