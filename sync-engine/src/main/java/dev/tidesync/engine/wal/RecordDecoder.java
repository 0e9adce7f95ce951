package dev.tidesync.engine.wal;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the body of a record. Fields it does not know are skipped; a record that it cannot make sense of becomes
 * {@link WalRecord.Unknown}. Used for one record and thrown away.
 */
final class RecordDecoder {
    private final List<String> ids = new ArrayList<>(1);
    private final Map<String, String> headers = new LinkedHashMap<>();
    private long atMs;
    private int attempt;
    private long nextRetryAtMs;
    private String error = "";
    private String answer = "";
    private int status;
    private String owner = "";
    private String code = "";
    private boolean ambiguous;
    private boolean dueWasAsked;
    private String kind = "";
    private String target = "";
    private byte[] payload = {};
    private byte[] deflated = {};
    private int payloadSize;
    private String idempotencyKey = "";
    private String orderingKey = "";
    private long expiresAtMs;
    private long createdAtMs;
    private long updatedAtMs;
    private long durableOffset;
    private long fromOffset;
    private long toOffset;
    private long incarnation;
    private long previous;
    private long seq = EnqueuedSummary.NOT_MOVED;
    private long segment;
    private int repeats;
    private long[] key = {};
    private long fingerprint;
    private String origin = "";
    private long order;

    private RecordDecoder() {}

    /** The record in a body; the first one if the body holds several. */
    static WalRecord decode(int type, int flags, byte[] bytes, int from, int length) {
        return decodeAll(type, flags, bytes, from, length).get(0);
    }

    /** The records in a body: claims and deliveries of one moment share one. */
    static List<WalRecord> decodeAll(int type, int flags, byte[] bytes, int from, int length) {
        if (!RecordType.isKnown(type) || flags != 0) {
            return List.of(new WalRecord.Unknown(
                    type, "record type " + type + " with flags " + flags + " is not known to this version"));
        }
        try {
            RecordDecoder fields = new RecordDecoder();
            fields.read(new FieldReader(bytes, from, length));
            return fields.toRecords(type);
        } catch (IllegalArgumentException malformed) {
            return List.of(new WalRecord.Unknown(
                    type, "record of type " + type + " cannot be read: " + malformed.getMessage()));
        }
    }

    /**
     * Reads what an index needs of an {@link WalRecord.Enqueued}, and passes over the rest unread; empty if it cannot
     * make sense of it, as {@link #decode} then says.
     */
    static Optional<EnqueuedSummary> summarize(byte[] bytes, int from, int length) {
        try {
            RecordDecoder fields = new RecordDecoder();
            fields.readSummary(new FieldReader(bytes, from, length));
            return Optional.of(fields.toSummary());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private void readSummary(FieldReader in) {
        while (in.hasNext()) {
            int tag = in.next();
            switch (tag) {
                case Tag.KIND -> kind = in.text();
                case Tag.TARGET -> target = in.text();
                case Tag.ORDERING_KEY -> orderingKey = in.text();
                case Tag.EXPIRES_AT_MS -> expiresAtMs = in.number();
                case Tag.CREATED_AT_MS -> createdAtMs = in.number();
                default -> {
                    if (!readLifecycle(tag, in)) {
                        in.skip();
                    }
                }
            }
        }
    }

    private EnqueuedSummary toSummary() {
        boolean moved = seq != EnqueuedSummary.NOT_MOVED;
        boolean delayed = status() == OperationStatus.PENDING && nextRetryAtMs() > updatedAtMs();
        return new EnqueuedSummary(
                id(),
                kind,
                target,
                orderingKey,
                expiresAtMs,
                updatedAtMs(),
                nextRetryAtMs(),
                status(),
                attempt,
                !error.isEmpty() || !answer.isEmpty(),
                ambiguous,
                moved ? dueWasAsked : delayed,
                seq);
    }

    private void read(FieldReader in) {
        while (in.hasNext()) {
            int tag = in.next();
            if (!readLifecycle(tag, in) && !readIntent(tag, in) && !readHousekeeping(tag, in) && !readInbox(tag, in)) {
                in.skip();
            }
        }
    }

    private boolean readLifecycle(int tag, FieldReader in) {
        switch (tag) {
            case Tag.ID -> ids.add(in.text());
            case Tag.COMPACT_ID -> ids.add(in.compactId());
            case Tag.REPEATS -> repeats = in.count();
            case Tag.AT_MS -> atMs = in.number();
            case Tag.ATTEMPT -> attempt = in.count();
            case Tag.NEXT_RETRY_AT_MS -> nextRetryAtMs = in.number();
            case Tag.ERROR -> error = in.text();
            case Tag.ANSWER -> answer = in.text();
            case Tag.STATUS -> status = in.count();
            case Tag.OWNER -> owner = in.text();
            case Tag.CODE -> code = in.text();
            case Tag.AMBIGUOUS -> ambiguous = in.flag();
            case Tag.DUE_WAS_ASKED -> dueWasAsked = in.flag();
            case Tag.UPDATED_AT_MS -> updatedAtMs = in.number();
            case Tag.SEQ -> seq = in.number();
            case Tag.PREVIOUS -> previous = in.number();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readIntent(int tag, FieldReader in) {
        switch (tag) {
            case Tag.KIND -> kind = in.text();
            case Tag.TARGET -> target = in.text();
            case Tag.PAYLOAD -> payload = in.blob();
            case Tag.DEFLATED_PAYLOAD -> deflated = in.blob();
            case Tag.PAYLOAD_SIZE -> payloadSize = in.count();
            case Tag.HEADER -> readHeader(in.message());
            case Tag.IDEMPOTENCY_KEY -> idempotencyKey = in.text();
            case Tag.ORDERING_KEY -> orderingKey = in.text();
            case Tag.EXPIRES_AT_MS -> expiresAtMs = in.number();
            case Tag.CREATED_AT_MS -> createdAtMs = in.number();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void readHeader(FieldReader in) {
        String name = "";
        String value = "";
        while (in.hasNext()) {
            switch (in.next()) {
                case Tag.HEADER_NAME -> name = in.text();
                case Tag.HEADER_VALUE -> value = in.text();
                default -> in.skip();
            }
        }
        headers.put(name, value);
    }

    private boolean readHousekeeping(int tag, FieldReader in) {
        switch (tag) {
            case Tag.DURABLE_OFFSET -> durableOffset = in.number();
            case Tag.FROM_OFFSET -> fromOffset = in.number();
            case Tag.TO_OFFSET -> toOffset = in.number();
            case Tag.INCARNATION -> incarnation = in.number();
            case Tag.SEGMENT -> segment = in.number();
            default -> {
                return false;
            }
        }
        return true;
    }

    private List<WalRecord> toRecords(int type) {
        boolean shared = ids.size() > 1;
        return switch (type) {
            case RecordType.CLAIMED -> shared ? each(id -> new WalRecord.Claimed(id, owner, atMs)) : one(type);
            case RecordType.DELIVERED -> shared ? each(id -> new WalRecord.Delivered(id, atMs)) : one(type);
            default -> one(type);
        };
    }

    private List<WalRecord> each(Function<String, WalRecord> record) {
        return ids.stream().map(record).toList();
    }

    private List<WalRecord> one(int type) {
        return List.of(toRecord(type));
    }

    private boolean readInbox(int tag, FieldReader in) {
        switch (tag) {
            case Tag.INBOX_KEY -> key = in.longs(2);
            case Tag.FINGERPRINT -> fingerprint = in.longs(1)[0];
            case Tag.ORIGIN -> origin = in.text();
            case Tag.ORDER -> order = in.number();
            default -> {
                return false;
            }
        }
        return true;
    }

    private WalRecord toRecord(int type) {
        return switch (type) {
            case RecordType.WATERMARK -> new WalRecord.Watermark(durableOffset);
            case RecordType.TAIL_CUT -> new WalRecord.TailCut(fromOffset, toOffset);
            case RecordType.LOG_BEGINS -> new WalRecord.LogBegins(segment, fromOffset);
            case RecordType.OPENED -> new WalRecord.Opened(incarnation, atMs);
            case RecordType.ENQUEUED -> enqueued();
            case RecordType.CLAIMED -> new WalRecord.Claimed(id(), owner, atMs);
            case RecordType.DELIVERED -> new WalRecord.Delivered(id(), atMs, answer);
            case RecordType.FAILED ->
                new WalRecord.Failed(id(), atMs, attempt, nextRetryAtMs, error, code, ambiguous, dueWasAsked, previous);
            case RecordType.BURIED -> new WalRecord.Buried(id(), atMs, attempt, error, code, previous);
            case RecordType.RELEASED ->
                new WalRecord.Released(
                        id(), atMs, status(), nextRetryAtMs, error, code, ambiguous, dueWasAsked, previous);
            case RecordType.REQUEUED -> new WalRecord.Requeued(id(), atMs, attempt, error, previous);
            case RecordType.NOTED -> new WalRecord.Noted(id(), atMs, error, previous);
            case RecordType.REPLAYED -> new WalRecord.Replayed(id(), atMs, error, previous);
            case RecordType.PRUNED -> new WalRecord.Pruned(ids);
            case RecordType.RECEIVED -> new WalRecord.Received(key(), fingerprint, origin, intent(), atMs, order);
            case RecordType.HANDLED -> new WalRecord.Handled(key(), atMs);
            case RecordType.FORGOTTEN -> new WalRecord.Forgotten(origin, createdAtMs);
            case RecordType.REMEMBERED -> new WalRecord.Remembered(key(), fingerprint, origin, createdAtMs, atMs);
            default -> throw new AssertionError("known type without a record: " + type);
        };
    }

    private WalRecord enqueued() {
        return seq == EnqueuedSummary.NOT_MOVED
                ? new WalRecord.Enqueued(operation())
                : new WalRecord.Enqueued(operation(), seq, ambiguous, dueWasAsked);
    }

    private Operation operation() {
        return Operation.restore(intent())
                .status(status())
                .attempt(attempt)
                .updatedAtMs(updatedAtMs())
                .lastError(error)
                .answer(answer)
                .build();
    }

    private Operation intent() {
        return Operation.builder()
                .id(id())
                .kind(kind)
                .target(target)
                .payload(deflated.length == 0 ? payload : PayloadCompression.inflate(deflated, payloadSize))
                .headers(headers)
                .idempotencyKey(repeats(Tag.KEY_IS_ID) ? id() : idempotencyKey)
                .orderingKey(orderingKey)
                .expiresAtMs(expiresAtMs)
                .createdAtMs(createdAtMs)
                .nextRetryAtMs(nextRetryAtMs())
                .build();
    }

    private InboxKey key() {
        if (key.length == 0) {
            throw new IllegalArgumentException("expected an inbox key but found none");
        }
        return new InboxKey(key[0], key[1]);
    }

    private long nextRetryAtMs() {
        return repeats(Tag.NEXT_RETRY_IS_CREATED) ? createdAtMs : nextRetryAtMs;
    }

    private long updatedAtMs() {
        return repeats(Tag.UPDATED_IS_CREATED) ? createdAtMs : updatedAtMs;
    }

    private boolean repeats(int bit) {
        return (repeats & bit) != 0;
    }

    private String id() {
        if (ids.size() != 1) {
            throw new IllegalArgumentException("expected one id but found " + ids.size());
        }
        return ids.get(0);
    }

    private OperationStatus status() {
        return OperationStatus.ofCode(status);
    }
}
