package dev.tidesync.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts that configuration and command lines use for numbers, spans of time and sizes. */
public final class ConfigValue {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

    private ConfigValue() {}

    /**
     * {@code true} or {@code false}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static boolean flag(String text) {
        return switch (text.trim()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unexpected(ConfigType.FLAG, text);
        };
    }

    /**
     * A whole number.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException notANumber) {
            throw unexpected(ConfigType.NUMBER, text);
        }
    }

    /**
     * A span of time: a number and one of {@code ms s m h d}.
     *
     * @throws IllegalArgumentException if the shape differs or the span is longer than 292 million years
     */
    public static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text.trim());
        if (!amount.matches()) {
            throw unexpected(ConfigType.DURATION, text);
        }
        long count = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw unexpected(ConfigType.DURATION, text);
        };
    }

    /**
     * An amount of bytes: a number, alone or with {@code KiB}, {@code MiB} or {@code GiB}.
     *
     * @throws IllegalArgumentException if the shape differs or the amount does not fit a long
     */
    public static long sizeBytes(String text) {
        Matcher amount = AMOUNT.matcher(text.trim());
        if (!amount.matches()) {
            throw unexpected(ConfigType.SIZE, text);
        }
        long count = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "", "B" -> count;
            case "KiB" -> Math.multiplyExact(count, 1L << 10);
            case "MiB" -> Math.multiplyExact(count, 1L << 20);
            case "GiB" -> Math.multiplyExact(count, 1L << 30);
            default -> throw unexpected(ConfigType.SIZE, text);
        };
    }

    /** Texts separated by commas, trimmed; empty ones are left out. */
    public static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static IllegalArgumentException unexpected(ConfigType type, String text) {
        return new IllegalArgumentException("expected " + type.expectation() + " but was '" + text + "'");
    }
}
