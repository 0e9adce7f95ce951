package dev.tidesync.engine.wal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of each damaged place once, however often it is met. Safe for use by many threads. */
final class DamageLog {
    private record Place(String file, long position) {}

    private static final Logger log = LoggerFactory.getLogger(DamageLog.class);

    private final Set<Place> reported = ConcurrentHashMap.newKeySet();

    void report(Damage damage) {
        if (reported.add(new Place(damage.file(), damage.position()))) {
            log.warn("{}", damage.message());
        }
    }

    /** Damage that came about while the log was open: how much can be read behind it is not known. */
    void report(FrameScanner.Gap gap) {
        String file = gap.segment().file();
        if (reported.add(new Place(file, gap.from()))) {
            log.warn("{} is damaged at offset {}: {}", file, gap.from(), gap.problem());
        }
    }
}
