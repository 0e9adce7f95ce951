package dev.tidesync.transport.ws.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A STOMP 1.2 frame: a command, headers and a body, ended by a NUL byte.
 *
 * <pre>{@code
 * COMMAND LF (name ":" value LF)* LF body NUL
 * }</pre>
 *
 * <p>In headers {@code \r \n \c \\} stand for carriage return, line feed, colon and backslash, except in CONNECT and
 * CONNECTED. Source: STOMP 1.2, "Value Encoding".
 */
record StompFrame(String command, Map<String, String> headers, ByteBuffer body) {
    static StompFrame of(String command, Map<String, String> headers) {
        return new StompFrame(command, headers, ByteBuffer.allocate(0));
    }

    private static boolean escapes(String command) {
        return !command.equals("CONNECT") && !command.equals("CONNECTED");
    }

    byte[] encode() {
        boolean escaped = escapes(command);
        StringBuilder head = new StringBuilder(command).append('\n');
        headers.forEach((name, value) -> head.append(escaped ? escape(name) : name)
                .append(':')
                .append(escaped ? escape(value) : value)
                .append('\n'));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(head.length() + body.remaining() + 2);
        bytes.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        for (ByteBuffer rest = body.duplicate(); rest.hasRemaining(); ) {
            bytes.write(rest.get());
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    /** Reads the one frame that a WebSocket message holds; empty if it is none, such as a heartbeat. */
    static Optional<StompFrame> decode(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8)
                .replaceAll("\r+\n", "\n")
                .stripLeading();
        int headEnd = text.indexOf("\n\n");
        if (headEnd < 0) {
            return Optional.empty();
        }
        String[] lines = text.substring(0, headEnd).split("\n", -1);
        boolean escaped = escapes(lines[0]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon);
                String value = lines[i].substring(colon + 1);
                headers.putIfAbsent(escaped ? unescape(name) : name, escaped ? unescape(value) : value);
            }
        }
        int bodyEnd = text.indexOf('\0', headEnd);
        String body = text.substring(headEnd + 2, bodyEnd < 0 ? text.length() : bodyEnd);
        return Optional.of(new StompFrame(lines[0], headers, StandardCharsets.UTF_8.encode(body)));
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace(":", "\\c");
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '\\' && i + 1 < text.length();
            plain.append(escaped ? unescaped(text.charAt(++i)) : c);
        }
        return plain.toString();
    }

    private static char unescaped(char letter) {
        return switch (letter) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 'c' -> ':';
            default -> letter;
        };
    }
}
