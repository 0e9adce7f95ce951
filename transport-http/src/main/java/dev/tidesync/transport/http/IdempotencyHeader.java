package dev.tidesync.transport.http;

import dev.tidesync.spi.CheckedSettings;
import java.util.Optional;

/**
 * The header that carries an operation's idempotency key. Quoted, it is a String of RFC 8941 §3.3.3, as
 * draft-ietf-httpapi-idempotency-key-header asks; to a naive receiver {@code "abc"} and {@code abc} are different keys,
 * so the style must not change while operations are under way.
 */
record IdempotencyHeader(String name, Style style) {
    /** How the key is written. */
    enum Style {
        QUOTED,
        RAW,
        NONE
    }

    static IdempotencyHeader from(CheckedSettings settings) {
        String name = settings.parsed(HttpSettings.IDEMPOTENCY_HEADER, HeaderRules::requireName)
                .orElse("Idempotency-Key");
        Style style = settings.parsed(HttpSettings.IDEMPOTENCY_STYLE, IdempotencyHeader::parseStyle)
                .orElse(Style.QUOTED);
        return new IdempotencyHeader(name, style);
    }

    /** A value behind a reference has not been held against the choices yet. */
    private static Style parseStyle(String text) {
        return switch (text) {
            case "quoted" -> Style.QUOTED;
            case "raw" -> Style.RAW;
            case "none" -> Style.NONE;
            default -> throw new IllegalArgumentException("expected quoted, raw or none but was '" + text + "'");
        };
    }

    /** The header's value; empty if there is no key or none is wanted. */
    Optional<String> value(String key) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        return switch (style) {
            case QUOTED -> Optional.of('"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            case RAW -> Optional.of(key);
            case NONE -> Optional.empty();
        };
    }
}
