package dev.tidesync.engine.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/**
 * Loads every sound provider of a service that a class loader shows, however many broken ones lie between them.
 *
 * <p>{@code hasNext}, {@code next} and {@code get} are guarded one by one: a missing superclass surfaces as a
 * {@link LinkageError} out of {@code hasNext}, a missing class out of {@code next}, a throwing constructor out of
 * {@code get}. An iteration that a failed {@code hasNext} or {@code next} did not move on repeats its error, so equal
 * errors in a row end the scan.
 */
final class ProviderScan<T> {
    private static final int EQUAL_ERRORS_TO_GIVE_UP = 3;

    /** A provider that could not be loaded; the name is empty where the failure does not tell it. */
    record Unloadable(String className, Throwable failure) {}

    private final List<T> providers = new ArrayList<>();
    private final List<Unloadable> unloadable = new ArrayList<>();
    private final Class<T> service;
    private final Predicate<Class<?>> wanted;
    private final Duration bound;
    private String lastError = "";
    private int equalErrors;

    /** A scan that leaves out types which are not wanted, before any of their code runs; that may take so long each. */
    ProviderScan(Class<T> service, Predicate<Class<?>> wanted, Duration bound) {
        this.service = service;
        this.wanted = wanted;
        this.bound = bound;
    }

    /** Goes through all providers that the loader shows. */
    void run(ClassLoader loader) {
        Iterator<ServiceLoader.Provider<T>> found =
                ServiceLoader.load(service, loader).stream().iterator();
        while (equalErrors < EQUAL_ERRORS_TO_GIVE_UP) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                instantiate(found.next());
                lastError = "";
                equalErrors = 0;
            } catch (Throwable failure) {
                PluginFailure.rethrowIfFatal(failure);
                countFailure(failure);
            }
        }
    }

    private void countFailure(Throwable failure) {
        String error = failure.toString();
        equalErrors = error.equals(lastError) ? equalErrors + 1 : 1;
        lastError = error;
        if (equalErrors == 1) {
            unloadable.add(new Unloadable(classNamedIn(failure).orElse(""), failure));
        }
    }

    /** ServiceLoader writes "…SyncTransportProvider: Provider a.b.C not found" and the like. */
    private static Optional<String> classNamedIn(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int start = message.indexOf("Provider ") + "Provider ".length();
        if (start < "Provider ".length()) {
            return Optional.empty();
        }
        int end = message.indexOf(' ', start);
        return Optional.of(end < 0 ? message.substring(start) : message.substring(start, end));
    }

    private void instantiate(ServiceLoader.Provider<T> provider) {
        if (!wanted.test(provider.type())) {
            return;
        }
        try {
            providers.add(construct(provider));
        } catch (Throwable failure) {
            PluginFailure.rethrowIfFatal(failure);
            unloadable.add(new Unloadable(provider.type().getName(), failure));
        }
    }

    private T construct(ServiceLoader.Provider<T> provider) throws Exception {
        return BoundedCall.start(
                        "its constructor",
                        provider.type().getSimpleName(),
                        () -> ContextLoader.call(provider.type().getClassLoader(), provider::get))
                .await(bound, constructedLate -> {});
    }

    List<T> providers() {
        return providers;
    }

    List<Unloadable> unloadable() {
        return unloadable;
    }
}
