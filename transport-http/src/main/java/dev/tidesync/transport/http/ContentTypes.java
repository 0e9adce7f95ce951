package dev.tidesync.transport.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Chooses a content type for a body that came without one. */
final class ContentTypes {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String BYTES = "application/octet-stream";

    private static final JsonMapper MAPPER = new JsonMapper();

    private ContentTypes() {}

    /** JSON if it parses as one JSON value, else text if it is UTF-8 without control characters, else bytes. */
    static String of(byte[] body) {
        Optional<CharBuffer> text = decode(body);
        if (text.isEmpty() || text.get().chars().anyMatch(ContentTypes::isBinary)) {
            return BYTES;
        }
        return isJson(body) ? JSON : TEXT;
    }

    private static Optional<CharBuffer> decode(byte[] body) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)));
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static boolean isBinary(int character) {
        return Character.isISOControl(character) && "\t\n\r".indexOf(character) < 0;
    }

    private static boolean isJson(byte[] body) {
        try (JsonParser parser = MAPPER.createParser(body)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }
}
