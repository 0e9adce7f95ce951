package dev.tidesync.engine.simulation;

import java.util.List;

/** The mistakes that {@link PlantedBugsTest} makes: such as others have made, and such as would be easily made here. */
final class PlantedBugs {
    static final List<PlantedBug> ALL = List.of(
            // ---- what is said to be durable is not
            new PlantedBug(
                    "enqueue acknowledged before the force",
                    "store/Journal.java",
                    "wal.writer().awaitDurable(offset);",
                    "wal.writer().flush();"),
            new PlantedBug(
                    "enqueue visible before it is durable",
                    "store/Intake.java",
                    "change.append(new WalRecord.Enqueued(operation))",
                    "new LogPlace(change.log(new WalRecord.Enqueued(operation)), 0)"),
            new PlantedBug(
                    "nothing is ever forced", "wal/SegmentWriter.java", "if (catalog.isForcing()) {", "if (false) {"),
            new PlantedBug(
                    "failed force ignored",
                    "wal/SegmentWriter.java",
                    "            file.force();",
                    "            try { file.force(); } catch (IOException ignored) { }"),
            new PlantedBug(
                    "failed force tried again and believed",
                    "wal/SegmentWriter.java",
                    "            file.force();",
                    "            try { file.force(); } catch (IOException first) { file.force(); }"),
            new PlantedBug(
                    "full segment not forced before the next is begun",
                    "wal/WalWriter.java",
                    "        active.force();\n        long base = group.startOffset();",
                    "        long base = group.startOffset();"),
            new PlantedBug(
                    "new segment's name not synced",
                    "wal/SegmentCatalog.java",
                    "            storage.syncDirectory();",
                    "            // not synced"),
            new PlantedBug(
                    "watermark ahead of the force",
                    "wal/SegmentWriter.java",
                    "group.seal(header.salt(), cipher, durableOffset, from, to);",
                    "group.seal(header.salt(), cipher, group.endOffset(), from, to);"),
            new PlantedBug(
                    "burial not waited for",
                    "store/Outcomes.java",
                    "burials ? Ledger.Sync.BEFORE_RETURN : Ledger.Sync.SOON",
                    "Ledger.Sync.SOON"),
            new PlantedBug("outcomes never forced", "store/Housekeeping.java", "            journal.force();", ""),
            // ---- recovery believes too much, or too little
            new PlantedBug(
                    "checksum not compared",
                    "wal/FrameScanner.java",
                    "&& storedChecksum(candidate) == computedChecksum(candidate)",
                    ""),
            new PlantedBug(
                    "length not checked",
                    "wal/FrameScanner.java",
                    "&& sizeAt(candidate) <= Math.min(end - candidate, MAX_FRAME_BYTES);",
                    ";"),
            new PlantedBug(
                    "unproven tail not written anew",
                    "wal/LogRecovery.java",
                    "if (!RecordType.isHousekeeping(frames.type())) {",
                    "if (false) {"),
            new PlantedBug(
                    "tail cut before its copies are forced",
                    "wal/LogRecovery.java",
                    "            active.write(copies);\n            active.force();",
                    "            active.write(copies);"),
            new PlantedBug(
                    "torn tail not cut",
                    "wal/LogRecovery.java",
                    "long cutFrom = Math.min(scan.watermark(), base);",
                    "long cutFrom = base;"),
            new PlantedBug(
                    "expiry lost by recovery",
                    "wal/RecordDecoder.java",
                    "                .expiresAtMs(expiresAtMs)",
                    ""),
            new PlantedBug(
                    "attempt not persisted",
                    "wal/RecordEncoder.java",
                    "out.number(Tag.ATTEMPT, failed.attempt());",
                    ""),
            // ---- the rules of claims, lanes and charges
            new PlantedBug(
                    "claim not fenced",
                    "store/Entry.java",
                    "return isInFlight() && claimToken == token;",
                    "return isInFlight();"),
            new PlantedBug(
                    "outcome taken whatever the status",
                    "store/Entry.java",
                    "return isInFlight() && claimToken == token;",
                    "return !isInFlight() || claimToken == token;"),
            new PlantedBug(
                    "head of the lane not looked at",
                    "store/OutboxIndex.java",
                    "        if (lanes.isHead(entry)) {",
                    "        if (true) {"),
            new PlantedBug(
                    "replayed operation keeps its place in the lane",
                    "store/RecordApplication.java",
                    "            entry.seq = place.offset();",
                    ""),
            new PlantedBug(
                    "requeue not charged",
                    "store/Claims.java",
                    "new WalRecord.Requeued(entry.id, nowMs, entry.attempt + 1, reason,",
                    "new WalRecord.Requeued(entry.id, nowMs, entry.attempt, reason,"),
            new PlantedBug(
                    "done before the answer",
                    "SyncWorker.java",
                    "        traffic.add(claim, route.get(), nowMs, this::ended);",
                    "        decide(Settlement.delivered(claim, nowMs));\n"
                            + "        traffic.add(claim, route.get(), nowMs, this::ended);"),
            new PlantedBug(
                    "refusal for good tried again",
                    "OutcomeRules.java",
                    "        if (!result.retryable()) {",
                    "        if (false) {"),
            new PlantedBug(
                    "expired operation sent",
                    "store/Entry.java",
                    "return expiresAtMs > 0 && expiresAtMs <= nowMs;",
                    "return false;"),
            new PlantedBug(
                    "asked-for delay forgotten",
                    "store/Entry.java",
                    "if (status == OperationStatus.PENDING && nextRetryAtMs <= updatedAtMs) {",
                    "if (status == OperationStatus.PENDING) {"));

    private PlantedBugs() {}
}
