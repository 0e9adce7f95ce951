package dev.tidesync.engine;

import dev.tidesync.spi.ISyncTransport;

/**
 * Runs a plugin's code: with the plugin's context class loader, and so that the engine can tell when it is called back
 * from there. Safe for use by many threads.
 */
final class PluginCall {
    private static final ThreadLocal<Boolean> UNDER_WAY = new ThreadLocal<>();

    private PluginCall() {}

    /** Runs code of this transport on the current thread; what it throws is passed on. */
    static void run(ISyncTransport transport, Runnable code) {
        Thread thread = Thread.currentThread();
        ClassLoader previousLoader = thread.getContextClassLoader();
        boolean nested = isUnderWay();
        thread.setContextClassLoader(transport.getClass().getClassLoader());
        UNDER_WAY.set(true);
        try {
            code.run();
        } finally {
            thread.setContextClassLoader(previousLoader);
            if (!nested) {
                UNDER_WAY.remove();
            }
        }
    }

    /** Whether the current thread is inside a plugin's code that the engine called. */
    static boolean isUnderWay() {
        return UNDER_WAY.get() != null;
    }
}
