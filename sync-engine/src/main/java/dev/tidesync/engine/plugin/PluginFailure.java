package dev.tidesync.engine.plugin;

import java.util.ServiceConfigurationError;

/**
 * What a plugin did wrong, in words for the person who installed it.
 *
 * @param problem one clause, without a full stop
 * @param hint what to do about it
 */
record PluginFailure(String problem, String hint) {
    private static final String ASK_AUTHOR = "report it to the plugin's author";
    private static final String REGISTER_RIGHTLY =
            "META-INF/services must name a public class with a public constructor without parameters";

    /** Words for anything that came out of plugin code or out of loading it. */
    static PluginFailure of(Throwable thrown) {
        Throwable cause = innermost(thrown);
        if (cause instanceof UnsupportedClassVersionError) {
            return new PluginFailure(
                    "is compiled for a newer Java than the one that runs, "
                            + Runtime.version().feature() + " (" + cause.getMessage() + ")",
                    "run a newer Java, or get a build of the plugin for this one");
        }
        if (cause instanceof BoundedCall.OverdueException overdue) {
            return new PluginFailure(String.valueOf(overdue.getMessage()), ASK_AUTHOR);
        }
        if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
            return new PluginFailure(
                    "needs a class that is not there: " + dotted(String.valueOf(cause.getMessage())),
                    "put the JAR that holds it beside the plugin, in the plugin's own folder");
        }
        if (cause instanceof ServiceConfigurationError misconfigured) {
            return ofRegistration(misconfigured);
        }
        if (cause instanceof NoSuchMethodException || cause instanceof IllegalAccessException) {
            return new PluginFailure(
                    "cannot be instantiated: there is no such " + cause.getMessage(), REGISTER_RIGHTLY);
        }
        if (cause instanceof InstantiationException) {
            return new PluginFailure("cannot be instantiated, since it is abstract", REGISTER_RIGHTLY);
        }
        if (cause instanceof SecurityException
                && String.valueOf(cause.getMessage()).contains("digest error")) {
            return new PluginFailure(
                    "was changed after it was signed: " + cause.getMessage(), "install it again from its source");
        }
        if (cause instanceof LinkageError) {
            return new PluginFailure(
                    "does not fit the libraries it runs with: " + cause,
                    "get a build of the plugin for this version of Tidesync");
        }
        return new PluginFailure("threw " + cause, ASK_AUTHOR);
    }

    private static PluginFailure ofRegistration(ServiceConfigurationError error) {
        String message = String.valueOf(error.getMessage());
        String problem = "is registered wrongly: "
                + message.substring(message.indexOf(':') + 1).trim();
        return message.endsWith("not a subtype")
                ? new PluginFailure(problem, "the class must implement SyncTransportProvider of this engine's sync-api")
                : new PluginFailure(problem, REGISTER_RIGHTLY);
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String dotted(String className) {
        return className.replace('/', '.');
    }

    /**
     * Throws the error on if the whole virtual machine is in trouble; a plugin's own failure returns. Errors of a
     * constructor arrive wrapped, so the causes are looked at too. A stack overflow is the plugin's own doing.
     */
    static void rethrowIfFatal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError || cause instanceof InternalError) {
                throw (VirtualMachineError) cause;
            }
        }
    }
}
