package dev.tidesync.engine.wal;

import dev.tidesync.api.Operation;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Writes the body of a record as tagged fields, and remembers the type it met. Confined to one thread. */
final class RecordEncoder implements WalRecordVisitor {
    /** Tags and lengths around a header's texts. */
    private static final int MOST_BYTES_PER_HEADER = 8;

    /** All numbers of an operation, tags, lengths, an inbox key and an origin, which has 255 characters at most. */
    private static final int MOST_BYTES_OF_NUMBERS = 512;

    private final FieldWriter out;
    private final Optional<PayloadCompression> compression;
    private int type;

    /** @param compresses whether payloads are compressed where that makes them smaller */
    RecordEncoder(FieldWriter out, boolean compresses) {
        this.out = out;
        this.compression = compresses ? Optional.of(new PayloadCompression()) : Optional.empty();
    }

    /** Writes the body and returns the record's type. */
    int encode(WalRecord record) {
        record.accept(this);
        return type;
    }

    @Override
    public void visit(WalRecord.Watermark watermark) {
        throw ownedByTheLog(watermark);
    }

    @Override
    public void visit(WalRecord.TailCut cut) {
        type = RecordType.TAIL_CUT;
        out.number(Tag.FROM_OFFSET, cut.fromOffset());
        out.number(Tag.TO_OFFSET, cut.toOffset());
    }

    @Override
    public void visit(WalRecord.LogBegins begins) {
        type = RecordType.LOG_BEGINS;
        out.number(Tag.SEGMENT, begins.segment());
        out.number(Tag.FROM_OFFSET, begins.offset());
    }

    @Override
    public void visit(WalRecord.Unknown unknown) {
        throw ownedByTheLog(unknown);
    }

    static IllegalArgumentException ownedByTheLog(WalRecord record) {
        return new IllegalArgumentException("only the log itself writes such a record: " + record);
    }

    @Override
    public void visit(WalRecord.Opened opened) {
        type = RecordType.OPENED;
        out.number(Tag.INCARNATION, opened.incarnation());
        out.number(Tag.AT_MS, opened.atMs());
    }

    @Override
    public void visit(WalRecord.Enqueued enqueued) {
        type = RecordType.ENQUEUED;
        Operation operation = enqueued.operation();
        int repeats = repeats(operation);
        intent(operation, repeats);
        lifecycle(operation, repeats);
        out.number(Tag.REPEATS, repeats);
        if (enqueued.seq() != EnqueuedSummary.NOT_MOVED) {
            out.number(Tag.SEQ, enqueued.seq());
            out.flag(Tag.AMBIGUOUS, enqueued.ambiguous());
            out.flag(Tag.DUE_WAS_ASKED, enqueued.dueWasAsked());
        }
    }

    /** How long the body of an operation that has just come in gets at most, origin and inbox key included. */
    static long mostBytes(Operation operation) {
        long chars = (long) operation.id().length()
                + operation.kind().length()
                + operation.target().length()
                + operation.idempotencyKey().length()
                + operation.orderingKey().length();
        for (var header : operation.headers().entrySet()) {
            chars += MOST_BYTES_PER_HEADER
                    + header.getKey().length()
                    + header.getValue().length();
        }
        return operation.payloadSize() + Utf8.MOST_BYTES_PER_CHAR * chars + MOST_BYTES_OF_NUMBERS;
    }

    private static int repeats(Operation operation) {
        long createdAtMs = operation.createdAtMs();
        return (operation.updatedAtMs() == createdAtMs ? Tag.UPDATED_IS_CREATED : 0)
                | (operation.nextRetryAtMs() == createdAtMs ? Tag.NEXT_RETRY_IS_CREATED : 0)
                | (operation.idempotencyKey().equals(operation.id()) ? Tag.KEY_IS_ID : 0);
    }

    private void intent(Operation operation, int repeats) {
        out.id(operation.id());
        out.text(Tag.KIND, operation.kind());
        out.text(Tag.TARGET, operation.target());
        payload(operation);
        operation.headers().forEach(this::header);
        if ((repeats & Tag.KEY_IS_ID) == 0) {
            out.text(Tag.IDEMPOTENCY_KEY, operation.idempotencyKey());
        }
        out.text(Tag.ORDERING_KEY, operation.orderingKey());
        out.number(Tag.EXPIRES_AT_MS, operation.expiresAtMs());
    }

    private void payload(Operation operation) {
        Optional<ByteBuffer> deflated = compression.flatMap(way -> way.deflate(operation.payloadBuffer()));
        if (deflated.isPresent()) {
            out.blob(Tag.DEFLATED_PAYLOAD, deflated.get());
            out.number(Tag.PAYLOAD_SIZE, operation.payloadSize());
        } else if (operation.payloadSize() > 0) {
            out.blob(Tag.PAYLOAD, operation.payloadBuffer());
        }
    }

    private void header(String name, String value) {
        out.pair(Tag.HEADER, Tag.HEADER_NAME, name, Tag.HEADER_VALUE, value);
    }

    private void lifecycle(Operation operation, int repeats) {
        out.number(Tag.CREATED_AT_MS, operation.createdAtMs());
        if ((repeats & Tag.UPDATED_IS_CREATED) == 0) {
            out.number(Tag.UPDATED_AT_MS, operation.updatedAtMs());
        }
        if ((repeats & Tag.NEXT_RETRY_IS_CREATED) == 0) {
            out.number(Tag.NEXT_RETRY_AT_MS, operation.nextRetryAtMs());
        }
        out.number(Tag.STATUS, operation.status().code());
        out.number(Tag.ATTEMPT, operation.attempt());
        out.text(Tag.ERROR, operation.lastError());
        out.text(Tag.ANSWER, operation.answer());
    }

    @Override
    public void visit(WalRecord.Claimed claimed) {
        type = RecordType.CLAIMED;
        out.number(Tag.AT_MS, claimed.atMs());
        out.text(Tag.OWNER, claimed.owner());
        out.id(claimed.id()); // last, so that others can be added
    }

    @Override
    public void visit(WalRecord.Delivered delivered) {
        type = RecordType.DELIVERED;
        out.number(Tag.AT_MS, delivered.atMs());
        out.text(Tag.ANSWER, delivered.answer());
        out.id(delivered.id()); // last, so that others can be added
    }

    @Override
    public void visit(WalRecord.Failed failed) {
        event(RecordType.FAILED, failed.id(), failed.atMs());
        out.number(Tag.ATTEMPT, failed.attempt());
        out.number(Tag.NEXT_RETRY_AT_MS, failed.nextRetryAtMs());
        reason(failed.error(), failed.code());
        out.flag(Tag.AMBIGUOUS, failed.ambiguous());
        out.flag(Tag.DUE_WAS_ASKED, failed.dueWasAsked());
        out.number(Tag.PREVIOUS, failed.previous());
    }

    @Override
    public void visit(WalRecord.Buried buried) {
        event(RecordType.BURIED, buried.id(), buried.atMs());
        out.number(Tag.ATTEMPT, buried.attempt());
        reason(buried.error(), buried.code());
        out.number(Tag.PREVIOUS, buried.previous());
    }

    @Override
    public void visit(WalRecord.Released released) {
        event(RecordType.RELEASED, released.id(), released.atMs());
        out.number(Tag.STATUS, released.status().code());
        out.number(Tag.NEXT_RETRY_AT_MS, released.nextRetryAtMs());
        reason(released.error(), released.code());
        out.flag(Tag.AMBIGUOUS, released.ambiguous());
        out.flag(Tag.DUE_WAS_ASKED, released.dueWasAsked());
        out.number(Tag.PREVIOUS, released.previous());
    }

    @Override
    public void visit(WalRecord.Requeued requeued) {
        event(RecordType.REQUEUED, requeued.id(), requeued.atMs());
        out.number(Tag.ATTEMPT, requeued.attempt());
        out.text(Tag.ERROR, requeued.error());
        out.number(Tag.PREVIOUS, requeued.previous());
    }

    @Override
    public void visit(WalRecord.Noted noted) {
        event(RecordType.NOTED, noted.id(), noted.atMs());
        out.text(Tag.ERROR, noted.error());
        out.number(Tag.PREVIOUS, noted.previous());
    }

    @Override
    public void visit(WalRecord.Replayed replayed) {
        event(RecordType.REPLAYED, replayed.id(), replayed.atMs());
        out.text(Tag.ERROR, replayed.error());
        out.number(Tag.PREVIOUS, replayed.previous());
    }

    @Override
    public void visit(WalRecord.Pruned pruned) {
        type = RecordType.PRUNED;
        pruned.ids().forEach(out::id);
    }

    @Override
    public void visit(WalRecord.Received received) {
        type = RecordType.RECEIVED;
        key(received.key());
        out.longs(Tag.FINGERPRINT, received.fingerprint());
        out.text(Tag.ORIGIN, received.origin());
        out.number(Tag.AT_MS, received.atMs());
        int repeats = repeats(received.operation()) & Tag.KEY_IS_ID;
        intent(received.operation(), repeats);
        out.number(Tag.CREATED_AT_MS, received.operation().createdAtMs());
        out.number(Tag.REPEATS, repeats);
        out.number(Tag.ORDER, received.order());
    }

    @Override
    public void visit(WalRecord.Handled handled) {
        type = RecordType.HANDLED;
        key(handled.key());
        out.number(Tag.AT_MS, handled.atMs());
    }

    @Override
    public void visit(WalRecord.Forgotten forgotten) {
        type = RecordType.FORGOTTEN;
        out.text(Tag.ORIGIN, forgotten.origin());
        out.number(Tag.CREATED_AT_MS, forgotten.createdAtMs());
    }

    @Override
    public void visit(WalRecord.Remembered remembered) {
        type = RecordType.REMEMBERED;
        key(remembered.key());
        out.longs(Tag.FINGERPRINT, remembered.fingerprint());
        out.text(Tag.ORIGIN, remembered.origin());
        out.number(Tag.CREATED_AT_MS, remembered.createdAtMs());
        out.number(Tag.AT_MS, remembered.atMs());
    }

    private void key(InboxKey key) {
        out.longs(Tag.INBOX_KEY, key.high(), key.low());
    }

    private void event(int newType, String id, long atMs) {
        type = newType;
        out.id(id);
        out.number(Tag.AT_MS, atMs);
    }

    private void reason(String error, String code) {
        out.text(Tag.ERROR, error);
        out.text(Tag.CODE, code);
    }
}
