package dev.tidesync.engine.control;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import java.util.Optional;
import java.util.Set;

/** The names that an operation's fields have in JSON: those of Vix sync, and Tidesync's own beside them. */
final class OperationFields {
    static final String ID = "id";
    static final String KIND = "kind";
    static final String TARGET = "target";
    static final String PAYLOAD = "payload";
    static final String PAYLOAD_BASE64 = "payload_base64";
    static final String HEADERS = "headers";
    static final String IDEMPOTENCY_KEY = "idempotency_key";
    static final String ORDERING_KEY = "ordering_key";
    static final String EXPIRES_AT_MS = "expires_at_ms";
    static final String NEXT_RETRY_AT_MS = "next_retry_at_ms";

    static final String STATUS = "status";
    static final String ATTEMPT = "attempt";
    static final String CREATED_AT_MS = "created_at_ms";
    static final String UPDATED_AT_MS = "updated_at_ms";
    static final String LAST_ERROR = "last_error";
    static final String ANSWER = "answer";

    private static final Set<String> LIFECYCLE =
            Set.of(STATUS, ATTEMPT, CREATED_AT_MS, UPDATED_AT_MS, LAST_ERROR, ANSWER);

    private static final ConfigSpec INTENT = intent(
            ID,
            KIND,
            TARGET,
            PAYLOAD,
            PAYLOAD_BASE64,
            HEADERS,
            IDEMPOTENCY_KEY,
            ORDERING_KEY,
            EXPIRES_AT_MS,
            NEXT_RETRY_AT_MS);

    private OperationFields() {}

    /** A spec knows the nearest of its names, which is all that is asked of this one. */
    private static ConfigSpec intent(String... names) {
        ConfigSpec.Builder spec = ConfigSpec.builder();
        for (String name : names) {
            spec.key(ConfigKey.of(name, ConfigType.TEXT, name));
        }
        return spec.build();
    }

    /** Why a new operation may not have this field; empty if it may. */
    static Optional<String> problemWith(String field) {
        if (LIFECYCLE.contains(field)) {
            return Optional.of("field '" + field + "' is the outbox's to set; leave it out");
        }
        if (INTENT.find(field).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("unknown field '" + field + "'"
                + INTENT.nearest(field)
                        .map(known -> "; did you mean '" + known + "'?")
                        .orElse(""));
    }
}
