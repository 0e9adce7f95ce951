package dev.tidesync.engine;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Hands the settings of one section to the builder of what they configure; what is not set keeps its default. */
final class SectionReader {
    private final ConfigSection section;
    private final String prefix;
    private final Settings settings;
    private final List<ConfigProblem> problems;

    /** A reader that adds what it finds wrong to {@code problems}. */
    SectionReader(ConfigSection section, Settings settings, List<ConfigProblem> problems) {
        this(section, section.prefix(), settings, problems);
    }

    /** A reader of settings that repeat those of a section below another prefix. */
    SectionReader(ConfigSection section, String prefix, Settings settings, List<ConfigProblem> problems) {
        this.section = section;
        this.prefix = prefix;
        this.settings = settings;
        this.problems = problems;
    }

    SectionReader text(String name, Consumer<String> to) {
        return ifSet(name, () -> to.accept(settings.text(name).orElseThrow()));
    }

    SectionReader flag(String name, Consumer<Boolean> to) {
        return ifSet(name, () -> to.accept(settings.flag(name)));
    }

    SectionReader number(String name, IntConsumer to) {
        return ifSet(name, () -> to.accept(Math.toIntExact(settings.number(name))));
    }

    SectionReader size(String name, IntConsumer to) {
        return ifSet(name, () -> to.accept(Math.toIntExact(settings.sizeBytes(name))));
    }

    /** A size that may exceed an int. */
    SectionReader longSize(String name, LongConsumer to) {
        return ifSet(name, () -> to.accept(settings.sizeBytes(name)));
    }

    SectionReader duration(String name, Consumer<Duration> to) {
        return ifSet(name, () -> to.accept(settings.duration(name)));
    }

    SectionReader decimal(String name, DoubleConsumer to) {
        return ifSet(name, () -> to.accept(decimal(settings.text(name).orElseThrow())));
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text.trim());
        } catch (NumberFormatException notANumber) {
            throw new IllegalStateException("expected a decimal number such as 2.0 but was '" + text + "'");
        }
    }

    private SectionReader ifSet(String name, Runnable read) {
        try {
            if (settings.text(name).isPresent()) {
                read.run();
            }
        } catch (ArithmeticException tooLarge) {
            problems.add(new ConfigProblem(prefix + name, "is larger than " + Integer.MAX_VALUE));
        } catch (IllegalStateException unreadable) {
            problems.add(new ConfigProblem(prefix + name, String.valueOf(unreadable.getMessage())));
        }
        return this;
    }

    /** Builds what the section configures; empty if its settings are out of bounds or contradict each other. */
    <T> Optional<T> build(Supplier<T> builder) {
        try {
            return Optional.of(builder.get());
        } catch (IllegalArgumentException outOfBounds) {
            for (String problem : String.valueOf(outOfBounds.getMessage()).split("; ", -1)) {
                problems.add(byKey(problem));
            }
            return Optional.empty();
        }
    }

    /** Builders say "maxAttempts must be …"; a person who wrote {@code max-attempts} should read that. */
    private ConfigProblem byKey(String problem) {
        int end = problem.indexOf(' ');
        String key = end < 0
                ? ""
                : problem.substring(0, end).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return section.spec().find(key).isPresent()
                ? new ConfigProblem(prefix + key, problem.substring(end + 1))
                : new ConfigProblem(prefix + "*", problem);
    }
}
