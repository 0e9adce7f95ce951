package dev.tidesync.transport.ws.receiver;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.java_websocket.handshake.ClientHandshake;

/**
 * Tells who is calling: by a token in {@code Authorization: Bearer}, or as a sub-protocol
 * {@code base64url.bearer.<token>}, since browsers can send no header. Tokens are looked up for each connection, so
 * that a new one is known without a restart.
 */
final class Tokens {
    /** Everyone, where no token is asked for: only on the loopback interface. */
    private static final String ANYONE_HERE = "local";

    private static final String BEARER = "Bearer ";
    private static final String SUB_PROTOCOL = "base64url.bearer.";

    private final Supplier<Map<String, String>> tokensByOrigin;
    private final boolean required;

    Tokens(Supplier<Map<String, String>> tokensByOrigin, boolean required) {
        this.tokensByOrigin = tokensByOrigin;
        this.required = required;
    }

    /** The origin that this caller is; empty if it may not come in. */
    Optional<String> origin(ClientHandshake handshake) {
        return required ? byToken(handshake) : Optional.of(ANYONE_HERE).filter(here -> !isWebPage(handshake));
    }

    /** Browsers name the page's origin; any page that a person looks at could otherwise write to a local port. */
    private static boolean isWebPage(ClientHandshake handshake) {
        return handshake.hasFieldValue("Origin");
    }

    private Optional<String> byToken(ClientHandshake handshake) {
        Optional<byte[]> shown = shown(handshake).map(Tokens::digest);
        String origin = "";
        for (var token : tokensByOrigin.get().entrySet()) {
            // every token is compared, each in constant time
            boolean same = shown.isPresent() && MessageDigest.isEqual(shown.get(), digest(token.getValue()));
            origin = same ? token.getKey() : origin;
        }
        return Optional.of(origin).filter(known -> !known.isEmpty());
    }

    private static Optional<String> shown(ClientHandshake handshake) {
        String header = handshake.getFieldValue("Authorization");
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        return Arrays.stream(handshake.getFieldValue("Sec-WebSocket-Protocol").split(",", -1))
                .map(String::strip)
                .filter(protocol -> protocol.startsWith(SUB_PROTOCOL))
                .findFirst()
                .flatMap(protocol -> decoded(protocol.substring(SUB_PROTOCOL.length())));
    }

    private static Optional<String> decoded(String base64Url) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
