package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading an operation that is moved between the look at the index and the read. */
class OperationReaderTest {
    private final Operation operation = Operation.builder()
            .id("a")
            .kind("http.post")
            .target("https://host/a")
            .payload("payload")
            .build();

    private final OutboxIndex index = new OutboxIndex();
    private Journal journal;
    private Ledger ledger;
    private OperationReader reader;
    private EntryState before;

    @BeforeEach
    void enqueueAndLook() throws IOException {
        Wal wal = Wal.open(
                new SimulatedDisk(1), Wal.Config.builder().segmentBytes(2048).build());
        journal = new Journal(wal, new DiskRoom(wal, "outbox", 4096), "outbox", "me");
        ledger = new Ledger(journal, index, new Housekeeping(new ManualTimer(), journal, () -> {}), () -> {});
        reader = new OperationReader(ledger, journal);
        log(new WalRecord.Enqueued(operation));
        before = EntryState.of(entry());
    }

    @Test
    void anOperationThatWasMovedIsReadWhereItIsNow() throws IOException {
        log(new WalRecord.Failed("a", 1, 1, 1, "no answer", "", false, false));
        EntryState failed = EntryState.of(entry());

        moveAndDrop();

        assertThat(reader.operation(before)).map(Operation::payloadText).hasValue("payload");
        assertThat(reader.intent(before))
                .hasValueSatisfying(
                        intent -> assertThat(intent.sameIntent(operation)).isTrue());
        assertThat(reader.operation(failed)).map(Operation::lastError).hasValue("no answer");
    }

    @Test
    void anOperationThatWasForgottenMeanwhileIsNotThere() throws IOException {
        moveAndDrop();
        log(new WalRecord.Pruned(List.of("a")));

        assertThat(reader.operation(before)).isEmpty();
    }

    private void moveAndDrop() throws IOException {
        fillSegments();
        Entry entry = entry();
        Operation now = journal.operation(EntryState.of(entry));
        log(new WalRecord.Enqueued(now, entry.seq, entry.ambiguous, entry.dueWasAsked));
        journal.dropBefore(entry().intentOffset - 1_000);
        assertThat(journal.segments().get(0).firstOffset()).isGreaterThan(before.intentOffset());
    }

    private void fillSegments() {
        for (int i = 0; i < 60; i++) {
            log(new WalRecord.Noted("nobody", i, "x".repeat(100)));
        }
    }

    private void log(WalRecord record) {
        ledger.change(Ledger.Sync.BEFORE_RETURN, change -> change.log(record));
    }

    private Entry entry() {
        Entry entry = index.find("a");
        if (entry == null) {
            throw new AssertionError("the operation is gone");
        }
        return entry;
    }
}
