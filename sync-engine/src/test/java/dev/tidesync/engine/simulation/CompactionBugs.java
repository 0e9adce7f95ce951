package dev.tidesync.engine.simulation;

import java.util.List;

/** As {@link PlantedBugs}, where the log gives room free. */
final class CompactionBugs {
    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "files dropped before the mark of the beginning is forced",
                    "wal/Wal.java",
                    "        writer.appendOwn(new WalRecord.LogBegins(first.number(), first.base()));\n"
                            + "        writer.forceToDisk();",
                    "        writer.appendOwn(new WalRecord.LogBegins(first.number(), first.base()));"),
            new PlantedBug(
                    "beginning not said again by the next opening",
                    "wal/LogRecovery.java",
                    "            copies.add(scan.begins()); // the mark it was read from may lie in what is void from now on",
                    ""),
            new PlantedBug(
                    "leftovers of a dropping stay",
                    "wal/LogRecovery.java",
                    "            deleteLeftovers(storage, files, listing, scan.begins().segment()); // 6",
                    ""),
            new PlantedBug(
                    "opening not said again", "store/Compactor.java", "if (lastOpenedAt < end) {", "if (false) {"),
            new PlantedBug(
                    "place in the order of enqueue lost",
                    "wal/RecordEncoder.java",
                    "out.number(Tag.SEQ, enqueued.seq());",
                    ""),
            new PlantedBug(
                    "oldest file dropped while something in it counts",
                    "store/Compactor.java",
                    "if (look.liveInOldest() == 0) {",
                    "if (look.liveInOldest() < 1_000) {"),
            new PlantedBug(
                    "claim not said again",
                    "store/Compactor.java",
                    "            change.append(new WalRecord.Claimed(entry.id, entry.claimOwner, entry.updatedAtMs));",
                    ""),
            new PlantedBug(
                    "last error lost by the copy",
                    "store/Compactor.java",
                    ".restore(operation, operation.lastError(), operation.answer())",
                    ".restore(operation, \"\", operation.answer())"),
            new PlantedBug(
                    "answer lost by the copy",
                    "store/Compactor.java",
                    ".restore(operation, operation.lastError(), operation.answer())",
                    ".restore(operation, operation.lastError(), \"\")"),
            new PlantedBug(
                    "lifecycle lost by the copy",
                    "store/Compactor.java",
                    "Operation.restore(EntryState.of(entry).restore(operation, operation.lastError(), operation.answer()))",
                    "Operation.restore(operation).status(dev.tidesync.api.OperationStatus.PENDING)"),
            new PlantedBug(
                    "lane not looked at when an older operation comes back",
                    "store/OutboxIndex.java",
                    "                schedule.remove(rows.load(headBefore)); // a copy brought back an older one",
                    ""),
            new PlantedBug(
                    "new place not published",
                    "store/Compactor.java",
                    "if (entry != null && entry.intentOffset == copy.from()) {",
                    "if (false) {"));

    private CompactionBugs() {}
}
