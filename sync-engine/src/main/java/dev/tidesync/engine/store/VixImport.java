package dev.tidesync.engine.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidesync.api.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes over what Vix sync left in an {@code outbox.json}. Doing it twice does no harm. */
final class VixImport {
    /** How many operations become durable with one force. */
    private static final int BATCH = 500;

    private final Intake intake;
    private final Listing listing;

    VixImport(Intake intake, Listing listing) {
        this.intake = intake;
        this.listing = listing;
    }

    /** Imports the good rows of a document that {@link VixOutbox#parse} has read; durable when this returns. */
    ImportReport run(JsonNode document, long nowMs) {
        VixOutbox outbox = VixOutbox.read(document, nowMs);
        List<String> problems = new ArrayList<>(outbox.problems());
        List<Operation> unknown = new ArrayList<>();
        int alreadyThere = 0;
        for (Operation operation : outbox.operations()) {
            Optional<Operation> known = listing.get(operation.id());
            if (known.isEmpty()) {
                unknown.add(operation);
            } else if (known.get().sameIntent(operation)) {
                alreadyThere++;
            } else {
                problems.add("operation '" + operation.id()
                        + "' was not imported: the outbox holds another operation with this id");
            }
        }
        for (int from = 0; from < unknown.size(); from += BATCH) {
            intake.restore(unknown.subList(from, Math.min(unknown.size(), from + BATCH)));
        }
        return new ImportReport(unknown.size(), alreadyThere, problems);
    }
}
