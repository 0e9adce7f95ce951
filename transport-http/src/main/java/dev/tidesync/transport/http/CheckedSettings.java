package dev.tidesync.transport.http;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads settings and keeps every problem it meets, so that all of them are reported at once. Used by one thread. */
final class CheckedSettings {
    private final Settings settings;
    private final List<ConfigProblem> problems = new ArrayList<>();

    CheckedSettings(Settings settings) {
        this.settings = settings;
    }

    Settings settings() {
        return settings;
    }

    /** Whether the setting was made; a reference that cannot be looked up yet was. */
    boolean isSet(String key) {
        try {
            return settings.text(key).isPresent();
        } catch (IllegalStateException notThereYet) {
            return true;
        }
    }

    boolean flag(String key) {
        return read(key, () -> settings.flag(key)).orElse(false);
    }

    Optional<String> text(String key) {
        return read(key, () -> settings.text(key)).flatMap(Function.identity());
    }

    List<String> list(String key) {
        return read(key, () -> settings.list(key)).orElse(List.of());
    }

    Map<String, String> group(String key) {
        return read(key, () -> settings.group(key)).orElse(Map.of());
    }

    /** A text that another type is made of; an {@link IllegalArgumentException} of the parser becomes a problem. */
    <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(value -> read(key, () -> parser.apply(value)));
    }

    /** A duration of at least one millisecond and at most {@link Integer#MAX_VALUE} of them, as OkHttp asks. */
    Duration duration(String key) {
        Duration value = read(key, () -> settings.duration(key)).orElse(Duration.ofMillis(1));
        if (value.isZero() || value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            problem(key, "expected a duration between 1ms and 24d but was '" + value.toMillis() + "ms'");
            return Duration.ofMillis(1);
        }
        return value;
    }

    int atLeastOne(String key, Supplier<Long> value) {
        long number = read(key, value).orElse(1L);
        if (number < 1 || number > Integer.MAX_VALUE) {
            problem(key, "expected a number between 1 and " + Integer.MAX_VALUE + " but was '" + number + "'");
            return 1;
        }
        return (int) number;
    }

    Set<Integer> statuses(String key) {
        return list(key).stream()
                .flatMap(text -> read(key, () -> status(text)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Integer status(String text) {
        if (!text.matches("[3-9]\\d\\d")) {
            throw new IllegalArgumentException("expected status codes from 300 to 999 but was '" + text + "'");
        }
        return Integer.valueOf(text);
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
