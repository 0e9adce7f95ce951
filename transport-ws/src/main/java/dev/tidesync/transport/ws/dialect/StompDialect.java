package dev.tidesync.transport.ws.dialect;

import dev.tidesync.api.Operation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The sub-protocol {@code v12.stomp}, for brokers such as RabbitMQ: SEND with a receipt that the broker confirms once
 * it has the message.
 *
 * <p>Where a message goes is what the target says after {@code #}, as {@code wss://broker/ws#/queue/orders}, or the
 * operation's header {@code destination}. Servers that never send a RECEIPT for SEND, such as Spring's simple broker,
 * cannot be used: without a receipt nothing is ever delivered. Source: STOMP 1.2.
 */
public final class StompDialect implements WsDialect {
    private static final String DESTINATION = "destination";
    /** Headers of a SEND frame that mean something to the broker and are not an operation's to set. */
    private static final Set<String> RESERVED = Set.of(DESTINATION, "receipt", "content-length", "transaction");

    @Override
    public String subProtocol() {
        return "v12.stomp";
    }

    @Override
    public Optional<WsFrame> greeting(String host, Optional<WsLogin> login) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("accept-version", "1.2");
        headers.put("host", oneLine(host));
        headers.put("heart-beat", "0,0");
        login.ifPresent(given -> {
            headers.put("login", oneLine(given.username()));
            headers.put("passcode", oneLine(given.password()));
        });
        return Optional.of(WsFrame.utf8(StompFrame.of("CONNECT", headers).encode()));
    }

    /** CONNECT knows no escapes, so a line break would add a header. */
    private static String oneLine(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalStateException("a STOMP host, login or passcode cannot hold line breaks; mend it");
        }
        return value;
    }

    @Override
    public boolean answersRequests() {
        return false;
    }

    @Override
    public WsFrame encode(Operation operation, String address, long ackId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(DESTINATION, destination(operation, address));
        headers.put("receipt", Long.toString(ackId));
        headers.put("content-length", Integer.toString(operation.payloadBuffer().remaining()));
        headers.put("persistent", "true");
        headers.put("idempotency-key", operation.idempotencyKey());
        operation.headers().forEach((name, value) -> {
            if (!RESERVED.contains(name)) {
                headers.put(name.equalsIgnoreCase("content-type") ? "content-type" : name, value);
            }
        });
        byte[] frame = new StompFrame("SEND", headers, operation.payloadBuffer()).encode();
        return PayloadText.of(operation).isPresent() ? WsFrame.utf8(frame) : WsFrame.binary(frame);
    }

    private static String destination(Operation operation, String address) {
        String destination = address.isEmpty() ? operation.headers().getOrDefault(DESTINATION, "") : address;
        if (destination.isEmpty()) {
            throw new IllegalArgumentException("the operation names no STOMP destination; end the target with"
                    + " #/queue/name, or set the header 'destination'");
        }
        return destination;
    }

    @Override
    public WsEvent decode(byte[] message) {
        return StompFrame.decode(message).map(StompDialect::meaning).orElse(new WsEvent.Ignored("no STOMP frame"));
    }

    private static WsEvent meaning(StompFrame frame) {
        return switch (frame.command()) {
            case "CONNECTED" -> new WsEvent.Ready();
            case "RECEIPT" -> receipt(frame);
            case "ERROR" -> new WsEvent.Failed(number(frame.headers().get("receipt-id")), explanation(frame));
            default -> new WsEvent.Ignored("STOMP frame " + frame.command());
        };
    }

    private static WsEvent receipt(StompFrame frame) {
        OptionalLong ackId = number(frame.headers().get("receipt-id"));
        return ackId.isPresent()
                ? new WsEvent.Accepted(ackId.getAsLong(), "")
                : new WsEvent.Ignored("a RECEIPT that names no operation");
    }

    private static OptionalLong number(@org.jspecify.annotations.Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static String explanation(StompFrame error) {
        String message = error.headers().getOrDefault("message", "");
        return message.isEmpty()
                ? StandardCharsets.UTF_8
                        .decode(error.body().duplicate())
                        .toString()
                        .strip()
                : message;
    }
}
