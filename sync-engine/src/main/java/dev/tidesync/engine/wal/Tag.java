package dev.tidesync.engine.wal;

/**
 * The numbers of the fields in a record's body. One number means one thing in every type of record, and is never used
 * again for another. Those below 16 take one byte.
 *
 * <p>Reserved for capabilities to come: 20 first_sent_at_ms, 21 priority, 22 supersede_key, 24 hops.
 */
final class Tag {
    static final int ID = 1;
    static final int AT_MS = 2;
    static final int ATTEMPT = 3;
    static final int NEXT_RETRY_AT_MS = 4;
    static final int ERROR = 5;
    static final int STATUS = 6;
    static final int OWNER = 7;
    static final int CODE = 8;
    static final int AMBIGUOUS = 9;
    static final int DUE_WAS_ASKED = 10;
    static final int CREATED_AT_MS = 11;
    static final int KIND = 12;
    static final int TARGET = 13;
    static final int PAYLOAD = 14;
    static final int HEADER = 15;
    static final int IDEMPOTENCY_KEY = 16;
    static final int ORDERING_KEY = 17;
    static final int EXPIRES_AT_MS = 18;
    static final int UPDATED_AT_MS = 19;
    static final int ORIGIN = 23;
    static final int DURABLE_OFFSET = 25;
    static final int FROM_OFFSET = 26;
    static final int TO_OFFSET = 27;
    static final int INCARNATION = 28;
    /** In place of {@link #ID}: a canonical UUID as 16 bytes. */
    static final int COMPACT_ID = 29;
    /** Fields that are left out since they repeat another one: a sum of the bits below. */
    static final int REPEATS = 30;

    static final int SEGMENT = 31;
    static final int SEQ = 32;
    static final int PREVIOUS = 36;

    /** In place of {@link #PAYLOAD}: the payload compressed with DEFLATE (RFC 1951), without a header around it. */
    static final int DEFLATED_PAYLOAD = 33;
    /** How long a {@link #DEFLATED_PAYLOAD} is once it is inflated. */
    static final int PAYLOAD_SIZE = 34;

    /** Of {@link #REPEATS}: updated_at_ms is created_at_ms. */
    static final int UPDATED_IS_CREATED = 1;
    /** Of {@link #REPEATS}: next_retry_at_ms is created_at_ms. */
    static final int NEXT_RETRY_IS_CREATED = 2;
    /** Of {@link #REPEATS}: idempotency_key is the id. */
    static final int KEY_IS_ID = 4;

    static final int INBOX_KEY = 40;
    static final int FINGERPRINT = 41;
    static final int ANSWER = 42;
    static final int ORDER = 43;

    /** Inside a header field. */
    static final int HEADER_NAME = 1;
    /** Inside a header field. */
    static final int HEADER_VALUE = 2;

    private Tag() {}
}
