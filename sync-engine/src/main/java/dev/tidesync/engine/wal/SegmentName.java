package dev.tidesync.engine.wal;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the files of a log are named: {@code outbox-000001.log}, from a stem and the segment's number. */
final class SegmentName {
    private final String stem;
    private final Pattern shape;

    SegmentName(String stem) {
        this.stem = stem;
        this.shape = Pattern.compile(Pattern.quote(stem) + "-(\\d{6,18})\\.log");
    }

    String of(long number) {
        return stem + "-" + String.format(Locale.ROOT, "%06d", number) + ".log";
    }

    /** The file whose room is kept for what must be logged on a full disk. */
    String ofReserve() {
        return stem + ".reserve";
    }

    /** The file in which a segment is prepared, before it gets its name. */
    String ofDraft() {
        return stem + ".next";
    }

    /** The number in a file's name; empty if the file is not a segment of this log. */
    OptionalLong number(String fileName) {
        Matcher matcher = shape.matcher(fileName);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
