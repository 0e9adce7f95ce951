package dev.tidesync.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that must be done elsewhere, and how far it has come.
 *
 * <p>The <em>intent</em> — id, kind, target, payload, headers, idempotency key, ordering key, expiry — is fixed when
 * the operation is enqueued and never changes. The lifecycle — status, attempt, times, last error — is the outbox's to
 * change; an operation that an application builds is always {@link OperationStatus#PENDING}.
 *
 * <p>All times are wall-clock milliseconds since 1970-01-01 UTC. Immutable and safe to share between threads.
 */
public final class Operation {
    private final String id;
    private final String kind;
    private final String target;
    private final byte[] payload;
    private final Map<String, String> headers;
    private final String idempotencyKey;
    private final String orderingKey;
    private final long expiresAtMs;

    private final long createdAtMs;
    private final long updatedAtMs;
    private final int attempt;
    private final long nextRetryAtMs;
    private final OperationStatus status;
    private final String lastError;
    private final String answer;

    private Operation(Builder intent, Restorer lifecycle) {
        this.id = intent.id;
        this.kind = requireText("kind", intent.kind);
        this.target = requireText("target", intent.target);
        this.payload = intent.payload;
        this.headers = intent.headers.isEmpty()
                ? Collections.emptyMap()
                : Collections.unmodifiableMap(new LinkedHashMap<>(intent.headers));
        this.idempotencyKey = intent.idempotencyKey;
        this.orderingKey = intent.orderingKey;
        this.expiresAtMs = notNegative("expiresAtMs", intent.expiresAtMs);
        this.createdAtMs = notNegative("createdAtMs", intent.createdAtMs);
        this.nextRetryAtMs = notNegative("nextRetryAtMs", intent.nextRetryAtMs);
        this.updatedAtMs = notNegative("updatedAtMs", lifecycle.updatedAtMs);
        this.attempt = (int) notNegative("attempt", lifecycle.attempt);
        this.status = lifecycle.status;
        this.lastError = lifecycle.lastError;
        this.answer = lifecycle.answer;
    }

    private static String requireText(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be empty");
        }
        return value;
    }

    private static long notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was: " + value);
        }
        return value;
    }

    /**
     * An operation with a text payload, sent as UTF-8.
     *
     * @param kind what to do; its prefix chooses the transport, as {@code http.} in {@code http.post}
     * @param target where: a URL, a path below a configured base, a peer's name
     */
    public static Operation of(String kind, String target, String payload) {
        return builder().kind(kind).target(target).payload(payload).build();
    }

    /** An operation with a binary payload, which is copied. */
    public static Operation of(String kind, String target, byte[] payload) {
        return builder().kind(kind).target(target).payload(payload).build();
    }

    /** A builder for a new operation. Kind and target are required. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The store author's door to the lifecycle: starts from all fields of {@code operation}, and lets those that evolve
     * be set. Applications have no use for it, since an outbox ignores a lifecycle it did not write.
     */
    public static Restorer restore(Operation operation) {
        return new Restorer(operation);
    }

    /** A builder that starts from this operation's intent and due time; the lifecycle is left behind. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.id = id;
        builder.kind = kind;
        builder.target = target;
        builder.payload = payload;
        builder.headers.putAll(headers);
        builder.idempotencyKey = idempotencyKey;
        builder.orderingKey = orderingKey;
        builder.expiresAtMs = expiresAtMs;
        builder.createdAtMs = createdAtMs;
        builder.nextRetryAtMs = nextRetryAtMs;
        return builder;
    }

    /** The unique name; empty until the outbox gives one. */
    public String id() {
        return id;
    }

    /**
     * What to do, in dot-separated segments such as {@code http.post}; the longest matching prefix chooses the
     * transport.
     */
    public String kind() {
        return kind;
    }

    /** Where to do it: a URL, a path below a configured base, a peer's name. */
    public String target() {
        return target;
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload without a copy, read-only, from position 0 to its end. */
    public ByteBuffer payloadBuffer() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    /** The payload's length in bytes. */
    public int payloadSize() {
        return payload.length;
    }

    /** The payload read as UTF-8; malformed bytes become U+FFFD. */
    public String payloadText() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Headers for the transport, in the order they were added; unmodifiable. Never credentials. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The key under which a receiver applies this operation once, however often it arrives; empty until enqueued. */
    public String idempotencyKey() {
        return idempotencyKey;
    }

    /** The lane: operations that share one are delivered strictly in enqueue order. Empty means no lane. */
    public String orderingKey() {
        return orderingKey;
    }

    /** When it is no longer worth delivering; 0 means never. */
    public long expiresAtMs() {
        return expiresAtMs;
    }

    /** When it was enqueued; 0 until then. */
    public long createdAtMs() {
        return createdAtMs;
    }

    /** When its lifecycle last changed; 0 until it is enqueued. */
    public long updatedAtMs() {
        return updatedAtMs;
    }

    /** How many charged failures it has had; a delivery that succeeds at once ends with 0. */
    public int attempt() {
        return attempt;
    }

    /** When it may next be sent; before enqueue, a time in the future makes a delayed operation. */
    public long nextRetryAtMs() {
        return nextRetryAtMs;
    }

    /** How far it has come. */
    public OperationStatus status() {
        return status;
    }

    /** Why the last attempt failed or why it waits; empty if neither. */
    public String lastError() {
        return lastError;
    }

    /** What the other side answered to its delivery, beyond taking custody; empty if nothing was. */
    public String answer() {
        return answer;
    }

    /** Whether it is {@link OperationStatus#DONE}. */
    public boolean isDone() {
        return status == OperationStatus.DONE;
    }

    /** Whether it is {@link OperationStatus#PENDING}. */
    public boolean isPending() {
        return status == OperationStatus.PENDING;
    }

    /** Whether it is {@link OperationStatus#FAILED}, and so will be tried again. */
    public boolean isFailed() {
        return status == OperationStatus.FAILED;
    }

    /** Whether it is {@link OperationStatus#IN_FLIGHT}. */
    public boolean isInFlight() {
        return status == OperationStatus.IN_FLIGHT;
    }

    /** Whether it is {@link OperationStatus#PERMANENT_FAILED}. */
    public boolean isPermanentFailed() {
        return status == OperationStatus.PERMANENT_FAILED;
    }

    /** A copy that failed and will be tried again. The attempt count and the due time are the outbox's to set. */
    public Operation fail(String error, long nowMs) {
        return restore(this)
                .status(OperationStatus.FAILED)
                .lastError(error)
                .updatedAtMs(nowMs)
                .build();
    }

    /** A copy that is delivered; its last error is cleared. */
    public Operation done(long nowMs) {
        return restore(this)
                .status(OperationStatus.DONE)
                .lastError("")
                .updatedAtMs(nowMs)
                .build();
    }

    /** Whether everything that is fixed at enqueue is equal; times of creation and the lifecycle do not count. */
    public boolean sameIntent(Operation other) {
        return id.equals(other.id)
                && kind.equals(other.kind)
                && target.equals(other.target)
                && Arrays.equals(payload, other.payload)
                && headers.equals(other.headers)
                && idempotencyKey.equals(other.idempotencyKey)
                && orderingKey.equals(other.orderingKey)
                && expiresAtMs == other.expiresAtMs;
    }

    /**
     * The part of the target that fails as one: scheme, host and port of an absolute URI, in lower case; empty for a
     * path that begins with {@code /}, which leads to the transport's configured base; otherwise the whole target.
     */
    public String destination() {
        return destinationOf(target);
    }

    /** What {@link #destination()} says of an operation with this target. */
    public static String destinationOf(String target) {
        if (target.startsWith("/")) {
            return "";
        }
        try {
            URI uri = new URI(target);
            if (uri.getScheme() == null || uri.getRawAuthority() == null) {
                return target;
            }
            String authority = uri.getRawAuthority();
            String host = authority.substring(authority.lastIndexOf('@') + 1);
            return (uri.getScheme() + "://" + host).toLowerCase(Locale.ROOT);
        } catch (URISyntaxException notAUri) {
            return target;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Operation that
                && sameIntent(that)
                && createdAtMs == that.createdAtMs
                && updatedAtMs == that.updatedAtMs
                && attempt == that.attempt
                && nextRetryAtMs == that.nextRetryAtMs
                && status == that.status
                && lastError.equals(that.lastError)
                && answer.equals(that.answer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, kind, target, status, attempt, updatedAtMs);
    }

    /** Names the operation; payload, header values and the target's query are left out, since they may hold secrets. */
    @Override
    public String toString() {
        return "Operation{id=" + id + ", kind=" + kind + ", target=" + withoutSecrets(target) + ", payload="
                + payload.length + " bytes, headers=" + headers.keySet() + ", status=" + status + ", attempt=" + attempt
                + "}";
    }

    private static String withoutSecrets(String target) {
        int query = target.indexOf('?');
        String shown = query < 0 ? target : target.substring(0, query) + "?…";
        int authority = shown.indexOf("://");
        int end = shown.indexOf('/', authority + 3);
        int userInfo = shown.lastIndexOf('@', end < 0 ? shown.length() : end);
        return authority < 0 || userInfo < authority
                ? shown
                : shown.substring(0, authority + 3) + "…" + shown.substring(userInfo);
    }

    /** Builds an operation's intent. Not safe for use by several threads. */
    public static final class Builder {
        private static final byte[] NO_PAYLOAD = {};

        private String id = "";
        private String kind = "";
        private String target = "";
        private byte[] payload = NO_PAYLOAD;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String idempotencyKey = "";
        private String orderingKey = "";
        private long expiresAtMs;
        private long createdAtMs;
        private long nextRetryAtMs;

        private Builder() {}

        /** A name of the caller's own; left out, the outbox generates one. */
        public Builder id(String value) {
            this.id = Objects.requireNonNull(value, "id");
            return this;
        }

        /** What to do; required. */
        public Builder kind(String value) {
            this.kind = Objects.requireNonNull(value, "kind");
            return this;
        }

        /** Where to do it; required. */
        public Builder target(String value) {
            this.target = Objects.requireNonNull(value, "target");
            return this;
        }

        /** The payload, copied; default empty. */
        public Builder payload(byte[] value) {
            this.payload = value.clone();
            return this;
        }

        /** The payload as UTF-8. */
        public Builder payload(String value) {
            this.payload = value.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        /** Adds one header for the transport, replacing one of exactly this name. */
        public Builder header(String name, String value) {
            headers.put(Objects.requireNonNull(name, "header name"), Objects.requireNonNull(value, "header value"));
            return this;
        }

        /** Replaces all headers. */
        public Builder headers(Map<String, String> values) {
            headers.clear();
            values.forEach(this::header);
            return this;
        }

        /** The receiver's deduplication key; left out, the outbox derives one from the id. */
        public Builder idempotencyKey(String value) {
            this.idempotencyKey = Objects.requireNonNull(value, "idempotencyKey");
            return this;
        }

        /** The lane; default none. */
        public Builder orderingKey(String value) {
            this.orderingKey = Objects.requireNonNull(value, "orderingKey");
            return this;
        }

        /** When it is no longer worth delivering; default 0, never. */
        public Builder expiresAtMs(long value) {
            this.expiresAtMs = value;
            return this;
        }

        /** When it came into being; default 0, the time of the enqueue. */
        public Builder createdAtMs(long value) {
            this.createdAtMs = value;
            return this;
        }

        /** The earliest time to send it; default 0, at once. */
        public Builder nextRetryAtMs(long value) {
            this.nextRetryAtMs = value;
            return this;
        }

        /**
         * The operation, with status PENDING.
         *
         * @throws IllegalArgumentException if kind or target is missing or a time is negative
         */
        public Operation build() {
            return new Operation(this, new Restorer(this));
        }
    }

    /** Rebuilds an operation that a store has kept, lifecycle included. Not safe for use by several threads. */
    public static final class Restorer {
        private final Builder intent;
        private OperationStatus status = OperationStatus.PENDING;
        private int attempt;
        private long updatedAtMs;
        private String lastError = "";
        private String answer = "";

        private Restorer(Builder intent) {
            this.intent = intent;
        }

        private Restorer(Operation operation) {
            this.intent = operation.toBuilder();
            this.status = operation.status;
            this.attempt = operation.attempt;
            this.updatedAtMs = operation.updatedAtMs;
            this.lastError = operation.lastError;
            this.answer = operation.answer;
        }

        /** How far it has come. */
        public Restorer status(OperationStatus value) {
            this.status = Objects.requireNonNull(value, "status");
            return this;
        }

        /** How many charged failures it has had. */
        public Restorer attempt(int value) {
            this.attempt = value;
            return this;
        }

        /** When it was enqueued. */
        public Restorer createdAtMs(long value) {
            intent.createdAtMs(value);
            return this;
        }

        /** When its lifecycle last changed. */
        public Restorer updatedAtMs(long value) {
            this.updatedAtMs = value;
            return this;
        }

        /** When it may next be sent. */
        public Restorer nextRetryAtMs(long value) {
            intent.nextRetryAtMs(value);
            return this;
        }

        /** Why the last attempt failed or why it waits. */
        public Restorer lastError(String value) {
            this.lastError = Objects.requireNonNull(value, "lastError");
            return this;
        }

        /** What the other side answered to its delivery. */
        public Restorer answer(String value) {
            this.answer = Objects.requireNonNull(value, "answer");
            return this;
        }

        /**
         * The operation as it stood.
         *
         * @throws IllegalArgumentException if a number is negative
         */
        public Operation build() {
            return new Operation(intent, this);
        }
    }
}
