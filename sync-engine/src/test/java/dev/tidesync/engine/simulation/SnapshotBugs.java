package dev.tidesync.engine.simulation;

import java.util.List;

/** As {@link PlantedBugs}, where snapshots of the index are made and believed. */
final class SnapshotBugs {
    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "snapshot not forced before it gets its name",
                    "store/SnapshotFile.java",
                    "            file.force();",
                    ""),
            new PlantedBug(
                    "log not forced before the snapshot is there",
                    "wal/Wal.java",
                    "        writer.forceToDisk();\n        return new LogMark(",
                    "        return new LogMark("),
            new PlantedBug(
                    "log read from a record too far",
                    "wal/LogOpening.java",
                    "indexedBelow = mark.offset();",
                    "indexedBelow = mark.offset() + 300;"),
            new PlantedBug(
                    "mark behind a record that the cut does not have",
                    "wal/LogMark.java",
                    "        segments = List.copyOf(segments);",
                    "        segments = List.copyOf(segments);\n        offset += 100;"),
            new PlantedBug(
                    "rows noted as they have become",
                    "store/RowCut.java",
                    "if (row >= next && row < end && !handed.get(row)) {",
                    "if (false) {"),
            new PlantedBug(
                    "checksums of blocks not compared",
                    "store/SnapshotFile.java",
                    "            if (!intact) {",
                    "            if (false) {"),
            new PlantedBug(
                    "mark not looked for in the log",
                    "wal/MarkCheck.java",
                    "        if (!found) {",
                    "        if (false) {"),
            new PlantedBug(
                    "log that has left the snapshot behind not noticed",
                    "wal/LogScan.java",
                    "        check.requireKept(scan.begins);",
                    ""),
            new PlantedBug(
                    "order of a lane lost",
                    "store/SnapshotEncoder.java",
                    "            putText(orderingKey.getBytes(StandardCharsets.UTF_8));",
                    "            putText(new byte[0]);"),
            new PlantedBug(
                    "number of lives not kept",
                    "store/IndexLoading.java",
                    "new Lives(head.mark().storeId(), head.incarnation())",
                    "new Lives(head.mark().storeId(), 0)"));

    private SnapshotBugs() {}
}
