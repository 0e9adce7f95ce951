package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import java.time.Instant;
import java.util.Locale;

/** How operations look to a person: as a row of a table, or with every field. */
final class OperationView {
    private OperationView() {}

    static String header() {
        return row("ID", "STATUS", "ATTEMPT", "DUE", "KIND", "TARGET", "");
    }

    static String row(Operation operation) {
        boolean waits = !operation.status().isFinal();
        return row(
                Terminal.visible(operation.id()),
                operation.status().name(),
                String.valueOf(operation.attempt()),
                waits ? time(operation.nextRetryAtMs()) : "",
                Terminal.visible(operation.kind()),
                Terminal.visible(operation.target()),
                operation.lastError().isEmpty() ? "" : "  (" + Terminal.visible(operation.lastError()) + ")");
    }

    private static String row(
            String id, String status, String attempt, String due, String kind, String target, String error) {
        return String.format(
                        Locale.ROOT,
                        "%-36s  %-16s  %7s  %-24s  %-14s  %s%s",
                        id,
                        status,
                        attempt,
                        due,
                        kind,
                        target,
                        error)
                .stripTrailing();
    }

    static String details(Operation operation) {
        StringBuilder text = new StringBuilder();
        field(text, "id", operation.id());
        field(text, "status", operation.status().name());
        field(text, "attempt", String.valueOf(operation.attempt()));
        field(text, "last error", operation.lastError());
        field(text, "answer", operation.answer());
        field(text, "kind", operation.kind());
        field(text, "target", operation.target());
        operation.headers().forEach((name, value) -> field(text, "header", name + ": " + value));
        field(text, "idempotency key", operation.idempotencyKey());
        field(text, "ordering key", operation.orderingKey());
        field(text, "created", time(operation.createdAtMs()));
        field(text, "updated", time(operation.updatedAtMs()));
        field(text, "due", operation.status().isFinal() ? "" : time(operation.nextRetryAtMs()));
        field(text, "expires", time(operation.expiresAtMs()));
        field(text, "payload", operation.payloadSize() + " bytes");
        field(text, "text", operation.payloadText());
        return text.toString().stripTrailing();
    }

    /** A field that holds nothing is left out. */
    private static void field(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-16s %s%n", name + ":", Terminal.visible(value)));
        }
    }

    private static String time(long ms) {
        return ms == 0 ? "" : Instant.ofEpochMilli(ms).toString();
    }
}
