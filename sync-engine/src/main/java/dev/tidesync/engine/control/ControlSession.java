package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.ControlProtocol.Request;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection to the control socket, from its first line to its last. Confined to the connection's thread. */
final class ControlSession {
    private static final int MAX_PAGE = 1000;

    private final OutboxAccess outbox;
    private final String holder;
    private final LineReader requests;
    private final OutputStream answers;

    ControlSession(SocketChannel connection, OutboxAccess outbox, String holder) {
        this.outbox = outbox;
        this.holder = holder;
        this.requests = new LineReader(Channels.newInputStream(connection), OperationJson.MAX_LINE_BYTES);
        this.answers = new BufferedOutputStream(Channels.newOutputStream(connection), 64 * 1024);
    }

    void run() throws IOException {
        if (!greet()) {
            return;
        }
        Optional<LineReader.Line> line = requests.next();
        while (line.isPresent()) {
            ControlProtocol.writeLine(answers, answer(line.get()));
            line = requests.next();
        }
    }

    private boolean greet() throws IOException {
        Optional<LineReader.Line> line = requests.next();
        if (line.isEmpty()) {
            return false;
        }
        try {
            requireVersion(parse(line.get()));
        } catch (IllegalArgumentException refused) {
            ControlProtocol.writeLine(answers, ControlProtocol.error(refused));
            return false;
        }
        ObjectNode hello = ControlProtocol.hello()
                .put(ControlProtocol.PID, ProcessHandle.current().pid())
                .put(ControlProtocol.HOLDER, holder);
        ControlProtocol.writeLine(answers, hello);
        return true;
    }

    private void requireVersion(JsonNode hello) {
        JsonNode version = hello.path(ControlProtocol.VERSION_FIELD);
        if (version.asInt() != ControlProtocol.VERSION) {
            throw new IllegalArgumentException("the outbox is held by process "
                    + ProcessHandle.current().pid() + " (" + holder + "), which speaks control protocol "
                    + ControlProtocol.VERSION + " but was asked for " + version
                    + "; use the tidesync command of its version, or stop it");
        }
    }

    private static JsonNode parse(LineReader.Line line) {
        if (line.tooLong()) {
            throw new IllegalArgumentException(
                    "a request must be at most " + OperationJson.MAX_LINE_BYTES + " bytes; send fewer at once");
        }
        return OperationJson.parse(line.bytes());
    }

    private ObjectNode answer(LineReader.Line line) {
        try {
            return ControlProtocol.ok(perform(parse(line)));
        } catch (RuntimeException failure) {
            return ControlProtocol.error(failure);
        }
    }

    private JsonNode perform(JsonNode request) {
        return switch (requestOf(request)) {
            case ENQUEUE -> enqueue(request.path("operations"));
            case FIND -> find(idOf(request));
            case PAGE -> page(request);
            case COUNTS -> counts();
            case REPLAY -> replay(idOf(request));
            case CANCEL -> cancel(idOf(request));
            case PRUNE -> number(outbox.pruneDone(ageOf(request)));
            case IMPORT -> importVix(Path.of(request.path("file").asText()));
            case REPLAY_ALL -> replayAll(request.path("ids"));
            case PRUNE_DEAD_LETTERS -> number(outbox.pruneDeadLetters(ageOf(request)));
            case EXPLAIN -> explain(idOf(request));
            case ENGINE -> InsightJson.write(outbox.engineStatus());
        };
    }

    private static Request requestOf(JsonNode request) {
        String name = request.path(ControlProtocol.DO).asText();
        try {
            return Request.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw ControlProtocol.unknownRequest(name);
        }
    }

    private static String idOf(JsonNode request) {
        return request.path("id").asText();
    }

    private static Duration ageOf(JsonNode request) {
        return Duration.ofMillis(request.path("age_ms").asLong());
    }

    private JsonNode enqueue(JsonNode operations) {
        List<Operation> accepted = new ArrayList<>();
        operations.forEach(operation -> accepted.add(NewOperationReader.read(operation)));
        ArrayNode results = OperationJson.MAPPER.createArrayNode();
        for (EnqueueAnswer answer : outbox.enqueueAll(accepted)) {
            results.addArray().add(answer.id()).add(answer.problem());
        }
        return results;
    }

    private JsonNode find(String id) {
        ObjectNode found = OperationJson.MAPPER.createObjectNode();
        outbox.find(id).ifPresent(operation -> found.set("operation", OperationJson.write(operation)));
        return found;
    }

    private JsonNode explain(String id) {
        ObjectNode explained = OperationJson.MAPPER.createObjectNode();
        outbox.explain(id).ifPresent(explanation -> explained.set("explanation", InsightJson.write(explanation)));
        return explained;
    }

    private JsonNode page(JsonNode request) {
        OperationStatus status = OperationStatus.valueOf(request.path("status").asText());
        int limit = Math.min(MAX_PAGE, request.path("limit").asInt());
        ArrayNode operations = OperationJson.MAPPER.createArrayNode();
        for (Operation operation : outbox.page(status, request.path("after_id").asText(), limit)) {
            operations.add(OperationJson.write(operation));
        }
        return operations;
    }

    private JsonNode counts() {
        ObjectNode counts = OperationJson.MAPPER.createObjectNode();
        outbox.counts().forEach((status, count) -> counts.put(status.name(), count));
        return counts;
    }

    private JsonNode importVix(Path file) {
        ImportSummary summary = outbox.importVix(file);
        ObjectNode json = OperationJson.MAPPER.createObjectNode().put("imported", summary.imported());
        summary.problems().forEach(json.putArray("problems")::add);
        return json;
    }

    private JsonNode replay(String id) {
        outbox.replay(id);
        return OperationJson.MAPPER.createObjectNode();
    }

    private JsonNode replayAll(JsonNode ids) {
        List<String> chosen = new ArrayList<>();
        ids.forEach(id -> chosen.add(id.asText()));
        return number(outbox.replayAll(chosen));
    }

    private JsonNode cancel(String id) {
        outbox.cancel(id);
        return OperationJson.MAPPER.createObjectNode();
    }

    private static JsonNode number(int value) {
        return OperationJson.MAPPER.getNodeFactory().numberNode(value);
    }
}
