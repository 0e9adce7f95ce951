package dev.tidesync.engine.outbox;

import dev.tidesync.api.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How large an operation may be, and which headers it may carry; checked before it is stored. Immutable.
 *
 * <p>Headers that carry credentials are refused unless allowed, since operations are kept on disk: a transport fetches
 * secrets when it sends.
 */
public final class OperationLimits {
    private static final Set<String> CREDENTIAL_HEADERS = Set.of("authorization", "cookie", "proxy-authorization");
    private static final OperationLimits DEFAULTS = builder().build();

    private final int maxPayloadBytes;
    private final int maxHeadersBytes;
    private final int maxTargetBytes;
    private final int maxNameLength;
    private final boolean credentialHeadersAllowed;

    private OperationLimits(Builder builder) {
        this.maxPayloadBytes = builder.maxPayloadBytes;
        this.maxHeadersBytes = builder.maxHeadersBytes;
        this.maxTargetBytes = builder.maxTargetBytes;
        this.maxNameLength = builder.maxNameLength;
        this.credentialHeadersAllowed = builder.credentialHeadersAllowed;
    }

    /** The limits with every default. */
    public static OperationLimits defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults: payload 16 MiB, headers 64 KiB, target 8 KiB, names 255 characters. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Lets a good operation pass.
     *
     * @throws IllegalArgumentException if it exceeds limits; names all of them, and neither payload nor header values
     */
    public void check(Operation operation) {
        List<String> problems = new ArrayList<>();
        checkName("id", operation.id(), problems);
        checkName("kind", operation.kind(), problems);
        checkName("idempotencyKey", operation.idempotencyKey(), problems);
        checkName("orderingKey", operation.orderingKey(), problems);
        checkSize("target", utf8Length(operation.target()), maxTargetBytes, problems);
        checkSize("payload", operation.payloadSize(), maxPayloadBytes, problems);
        checkSize("headers", headersLength(operation.headers()), maxHeadersBytes, problems);
        checkCredentials(operation.headers(), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("operation refused: " + String.join("; ", problems));
        }
    }

    private void checkName(String field, String value, List<String> problems) {
        if (value.length() > maxNameLength) {
            problems.add(field + " must have at most " + maxNameLength + " characters, had: " + value.length());
        }
        if (!isPrintableAscii(value)) {
            problems.add(field + " must be printable ASCII");
        }
    }

    private static boolean isPrintableAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter < ' ' || letter > '~') {
                return false;
            }
        }
        return true;
    }

    private static void checkSize(String field, long bytes, int maxBytes, List<String> problems) {
        if (bytes > maxBytes) {
            problems.add(field + " must have at most " + maxBytes + " bytes, had: " + bytes);
        }
    }

    private void checkCredentials(Map<String, String> headers, List<String> problems) {
        for (String name : headers.keySet()) {
            if (!credentialHeadersAllowed && CREDENTIAL_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                problems.add("header '" + name + "' carries credentials, which are never stored; configure them at the"
                        + " transport");
            }
        }
    }

    private static long headersLength(Map<String, String> headers) {
        long bytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            bytes += utf8Length(header.getKey()) + utf8Length(header.getValue());
        }
        return bytes;
    }

    private static long utf8Length(String text) {
        return isPrintableAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The largest payload, in bytes. */
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /** The largest sum of all header names and values, in bytes of UTF-8. */
    public int maxHeadersBytes() {
        return maxHeadersBytes;
    }

    /** The longest target, in bytes of UTF-8. */
    public int maxTargetBytes() {
        return maxTargetBytes;
    }

    /** The longest id, kind, idempotency key and ordering key, in characters. */
    public int maxNameLength() {
        return maxNameLength;
    }

    /** Whether headers that carry credentials may be stored. */
    public boolean credentialHeadersAllowed() {
        return credentialHeadersAllowed;
    }

    /** Builds limits. Not safe for use by several threads. */
    public static final class Builder {
        private int maxPayloadBytes = 16 << 20;
        private int maxHeadersBytes = 64 << 10;
        private int maxTargetBytes = 8 << 10;
        private int maxNameLength = 255;
        private boolean credentialHeadersAllowed;

        private Builder() {}

        /** The largest payload, in bytes; default 16 MiB. */
        public Builder maxPayloadBytes(int value) {
            this.maxPayloadBytes = value;
            return this;
        }

        /** The largest sum of all header names and values, in bytes of UTF-8; default 64 KiB. */
        public Builder maxHeadersBytes(int value) {
            this.maxHeadersBytes = value;
            return this;
        }

        /** The longest target, in bytes of UTF-8; default 8 KiB. */
        public Builder maxTargetBytes(int value) {
            this.maxTargetBytes = value;
            return this;
        }

        /** The longest id, kind, idempotency key and ordering key, in characters; default 255. */
        public Builder maxNameLength(int value) {
            this.maxNameLength = value;
            return this;
        }

        /** Whether headers that carry credentials may be stored; default false. */
        public Builder credentialHeadersAllowed(boolean value) {
            this.credentialHeadersAllowed = value;
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException if sizes are out of bounds; names all of them
         */
        public OperationLimits build() {
            List<String> problems = new ArrayList<>();
            requireAtLeast("maxPayloadBytes", 0, maxPayloadBytes, problems);
            requireAtLeast("maxHeadersBytes", 0, maxHeadersBytes, problems);
            requireAtLeast("maxTargetBytes", 1, maxTargetBytes, problems);
            // a generated id has 36 characters
            requireAtLeast("maxNameLength", 36, maxNameLength, problems);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return new OperationLimits(this);
        }

        private static void requireAtLeast(String name, int least, int value, List<String> problems) {
            if (value < least) {
                problems.add(name + " must be at least " + least + ", was: " + value);
            }
        }
    }
}
