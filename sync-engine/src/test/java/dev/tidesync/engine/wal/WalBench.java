package dev.tidesync.engine.wal;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A log on a simulated disk, with the words that the tests of the log are written in. */
final class WalBench {
    private final SimulatedDisk disk;

    WalBench() {
        this(1);
    }

    WalBench(long seed) {
        this.disk = new SimulatedDisk(seed);
    }

    SimulatedDisk disk() {
        return disk;
    }

    Wal.Config.Builder config() {
        return Wal.Config.builder()
                .segmentBytes(4096)
                .clock(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)))
                .random(new Random(42));
    }

    Wal open() throws IOException {
        return Wal.open(disk, config().build());
    }

    void powerCut(SimulatedDisk.Survival survival) {
        disk.crash();
        disk.restart(survival);
    }

    List<String> segmentFiles() {
        return disk.list().stream().filter(file -> file.endsWith(".log")).toList();
    }

    /** A small record that is told apart by its number. */
    static WalRecord note(int number) {
        return new WalRecord.Noted("id-" + number, number, "x".repeat(number % 40));
    }

    static List<WalRecord> notes(int count) {
        return IntStream.range(0, count).mapToObj(WalBench::note).toList();
    }

    static List<WalRecord> replay(Wal wal) throws IOException {
        List<WalRecord> records = new ArrayList<>();
        wal.replay(0, (offset, record) -> records.add(record));
        return records;
    }
}
