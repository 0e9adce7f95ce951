package dev.tidesync.transport.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the header {@code Retry-After} (RFC 9110 §10.2.3): seconds, or a date in any of the three shapes of §5.6.7. A
 * date is held against the receiver's own {@code Date}, so that a wrong clock here does not matter.
 */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("\\d+");
    /** More digits are over 300 years, which any limit is below. */
    private static final int MOST_DIGITS = 10;

    private static final DateTimeFormatter IMF_FIXDATE = shape("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = shape("EEE MMM ppd HH:mm:ss uuuu");

    private final Instant now;
    private final Duration longest;

    /** A reader for an answer that came at {@code now}, by this machine's clock. */
    RetryAfter(Instant now, Duration longest) {
        this.now = now;
        this.longest = longest;
    }

    private static DateTimeFormatter shape(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /**
     * The wait that is asked for, between zero and the longest; empty if the header is absent or cannot be read.
     *
     * @param retryAfter the header {@code Retry-After}
     * @param date the header {@code Date} of the same answer
     */
    Optional<Duration> read(Optional<String> retryAfter, Optional<String> date) {
        return retryAfter.map(String::trim).flatMap(text -> read(text, date)).map(this::clamp);
    }

    private Optional<Duration> read(String text, Optional<String> date) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(text.length() > MOST_DIGITS ? longest : Duration.ofSeconds(Long.parseLong(text)));
        }
        Instant answered = date.flatMap(value -> instant(value.trim())).orElse(now);
        return instant(text).map(due -> Duration.between(answered, due));
    }

    private Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    private Optional<Instant> instant(String text) {
        return List.of(IMF_FIXDATE, rfc850(), ASCTIME).stream()
                .flatMap(shape -> parse(text, shape).stream())
                .findFirst();
    }

    /** A two-digit year that seems more than 50 years ahead means the past (RFC 9110 §5.6.7). */
    private DateTimeFormatter rfc850() {
        int oldestYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, oldestYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter shape) {
        try {
            return Optional.of(LocalDateTime.parse(text, shape).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException anotherShape) {
            return Optional.empty();
        }
    }
}
