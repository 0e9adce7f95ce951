package dev.tidesync.cli;

import dev.tidesync.spi.ConfigValue;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads spans of time on the command line as configuration writes them: {@code 500ms}, {@code 30s}, {@code 7d}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return ConfigValue.duration(text);
        } catch (IllegalArgumentException | ArithmeticException badValue) {
            throw new TypeConversionException(badValue.getMessage());
        }
    }
}
