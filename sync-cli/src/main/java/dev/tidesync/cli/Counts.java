package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.OperationStatus;
import java.util.Locale;
import java.util.Map;

/** How many operations stand where. */
record Counts(Map<OperationStatus, Long> byStatus) {
    long of(OperationStatus status) {
        return byStatus.getOrDefault(status, 0L);
    }

    long waiting() {
        return of(OperationStatus.PENDING) + of(OperationStatus.FAILED);
    }

    long total() {
        return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The statuses in lower case, and {@code total}. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        byStatus.forEach((status, count) -> json.put(status.name().toLowerCase(Locale.ROOT), count));
        return json.put("total", total());
    }

    String toSentence() {
        return of(OperationStatus.DONE) + " delivered, " + waiting() + " waiting, " + of(OperationStatus.IN_FLIGHT)
                + " in flight, " + of(OperationStatus.PERMANENT_FAILED) + " failed for good";
    }
}
