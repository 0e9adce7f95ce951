package dev.tidesync.transport.p2p;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads settings and keeps every problem it meets, so that all of them are reported at once. Used by one thread. */
final class CheckedSettings {
    private final Settings settings;
    private final List<ConfigProblem> problems = new ArrayList<>();

    CheckedSettings(Settings settings) {
        this.settings = settings;
    }

    boolean flag(String key) {
        return read(key, () -> settings.flag(key)).orElse(false);
    }

    Optional<String> text(String key) {
        return read(key, () -> settings.text(key)).flatMap(Function.identity());
    }

    /** A text that another type is made of; an {@link IllegalArgumentException} of the parser becomes a problem. */
    <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(value -> read(key, () -> parser.apply(value)));
    }

    Duration duration(String key) {
        Duration value = read(key, () -> settings.duration(key)).orElse(Duration.ofMillis(1));
        if (value.isZero() || value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            problem(key, "expected a duration between 1ms and 24d but was '" + value.toMillis() + "ms'");
            return Duration.ofMillis(1);
        }
        return value;
    }

    int number(String key) {
        return positive(key, () -> settings.number(key));
    }

    int sizeBytes(String key) {
        return positive(key, () -> settings.sizeBytes(key));
    }

    private int positive(String key, Supplier<Long> reader) {
        long value = read(key, reader).orElse(1L);
        if (value < 1 || value > Integer.MAX_VALUE) {
            problem(key, "expected a number between 1 and " + Integer.MAX_VALUE + " but was '" + value + "'");
            return 1;
        }
        return (int) value;
    }

    /** Reads a value; what its reader throws becomes a problem, and the answer is then empty. */
    <T> Optional<T> read(String key, Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (IllegalArgumentException | IllegalStateException badValue) {
            problem(key, String.valueOf(badValue.getMessage()));
            return Optional.empty();
        }
    }

    void problem(String key, String message) {
        problems.add(new ConfigProblem(key, message));
    }

    void throwIfAnyProblem() throws TransportConfigException {
        if (!problems.isEmpty()) {
            throw new TransportConfigException(problems);
        }
    }
}
