package dev.tidesync.transport.ws.dialect;

import dev.tidesync.api.Operation;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells text payloads from binary ones. */
final class PayloadText {
    private PayloadText() {}

    /** The payload as text, if it is valid UTF-8 from end to end. */
    static Optional<String> of(Operation operation) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(operation.payloadBuffer())
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}
