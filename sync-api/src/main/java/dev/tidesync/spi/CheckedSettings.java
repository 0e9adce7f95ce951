package dev.tidesync.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads settings and keeps every problem it meets, so that a plugin's {@code create} can refuse them all at once:
 *
 * <pre>{@code
 * CheckedSettings settings = new CheckedSettings(context.settings());
 * Config config = new Config(settings.parsed("url", URI::create), settings.duration("timeout"));
 * settings.throwIfAnyProblem();
 * }</pre>
 *
 * <p>A value that cannot be read leaves a problem and a stand-in, which is never seen if the last line is not left out.
 * Reading a key that the spec does not have is a problem too. Used by one thread.
 */
public final class CheckedSettings {
    /** The longest time that libraries take, many of which count milliseconds in an {@code int}. */
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Settings settings;
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** A reader of these settings that has met no problem yet. */
    public CheckedSettings(Settings settings) {
        this.settings = Objects.requireNonNull(settings);
    }

    /** The settings themselves, for secrets, which are read each time they are needed. */
    public Settings settings() {
        return settings;
    }

    /** Whether the setting was made or has a default; a reference that cannot be looked up yet was made. */
    public boolean isSet(String key) {
        try {
            return settings.text(key).isPresent();
        } catch (IllegalStateException notThereYet) {
            return true;
        }
    }

    /** A setting of type FLAG; false if it is not set and has no default. */
    public boolean flag(String key) {
        return read(key, () -> settings.flag(key)).orElse(false);
    }

    /** The text of a setting, its default, or empty. */
    public Optional<String> text(String key) {
        return read(key, () -> settings.text(key)).flatMap(Function.identity());
    }

    /** A setting of type LIST; empty if it is not set. */
    public List<String> list(String key) {
        return read(key, () -> settings.list(key)).orElse(List.of());
    }

    /** The settings of a group such as {@code headers.*}, by the free part of their names. */
    public Map<String, String> group(String key) {
        return read(key, () -> settings.group(key)).orElse(Map.of());
    }

    /** A text that another type is made of; an {@link IllegalArgumentException} of the parser becomes a problem. */
    public <T> Optional<T> parsed(String key, Function<String, T> parser) {
        return text(key).flatMap(value -> read(key, () -> parser.apply(value)));
    }

    /** A setting of type DURATION between 1 ms and {@link Integer#MAX_VALUE} ms, which is 24 days. */
    public Duration duration(String key) {
        Duration value = read(key, () -> settings.duration(key)).orElse(SHORTEST);
        if (value.isZero() || value.compareTo(LONGEST) > 0) {
            problem(key, "expected a duration between 1ms and 24d but was '" + value.toMillis() + "ms'");
            return SHORTEST;
        }
        return value;
    }

    /** A setting of type NUMBER between 1 and {@link Integer#MAX_VALUE}. */
    public int number(String key) {
        return positive(key, () -> settings.number(key));
    }

    /** A setting of type SIZE between 1 and {@link Integer#MAX_VALUE} bytes. */
    public int sizeBytes(String key) {
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

    /**
     * Reads a value; an {@link IllegalArgumentException} or {@link IllegalStateException} of its reader becomes a
     * problem of this key, and the answer is then empty. Its message is shown to people, so it must not tell a secret.
     */
    public <T> Optional<T> read(String key, Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (IllegalArgumentException | IllegalStateException badValue) {
            problem(key, String.valueOf(badValue.getMessage()));
            return Optional.empty();
        }
    }

    /** Keeps a problem that the caller has found, such as two settings that contradict each other. */
    public void problem(String key, String message) {
        problems.add(new ConfigProblem(key, message));
    }

    /**
     * Ends the reading.
     *
     * @throws TransportConfigException with every problem, if there is any
     */
    public void throwIfAnyProblem() throws TransportConfigException {
        if (!problems.isEmpty()) {
            throw new TransportConfigException(problems);
        }
    }
}
