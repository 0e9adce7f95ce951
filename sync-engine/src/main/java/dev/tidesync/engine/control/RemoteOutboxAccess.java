package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.ControlProtocol.Failure;
import dev.tidesync.engine.control.ControlProtocol.Request;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.spi.OutboxStoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** An outbox that another process owns, reached through that process's control socket. Confined to one thread. */
public final class RemoteOutboxAccess implements OutboxAccess {
    /** Longer than a busy owner takes to greet; requests after that may take as long as they need. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SocketChannel connection;
    private final LineReader answers;
    private final OutputStream requests;
    private String holder = "";

    /** What the greeting waited for in vain; empty if it did not. */
    private volatile String unanswered = "";

    private RemoteOutboxAccess(SocketChannel connection) {
        this.connection = connection;
        this.answers = new LineReader(Channels.newInputStream(connection), Integer.MAX_VALUE);
        this.requests = new BufferedOutputStream(Channels.newOutputStream(connection), 64 * 1024);
    }

    /**
     * Connects to the process that owns the outbox in the data directory and listens.
     *
     * @return empty if nobody listens, or whoever did is gone
     * @throws OutboxStoreException if the owner refuses, speaks another version or does not answer
     */
    public static Optional<RemoteOutboxAccess> connect(Path dataDirectory) throws IOException {
        return connect(dataDirectory, PATIENCE);
    }

    static Optional<RemoteOutboxAccess> connect(Path dataDirectory, Duration patience) throws IOException {
        Optional<ControlPoint> controlPoint = ControlPoint.read(dataDirectory);
        return controlPoint.isEmpty()
                ? Optional.empty()
                : connect(controlPoint.get()).flatMap(outbox -> outbox.greet(controlPoint.get(), patience));
    }

    private static Optional<RemoteOutboxAccess> connect(ControlPoint controlPoint) {
        try {
            return Optional.of(
                    new RemoteOutboxAccess(SocketChannel.open(UnixDomainSocketAddress.of(controlPoint.socket()))));
        } catch (IOException nobodyListens) {
            return Optional.empty();
        }
    }

    /** Empty if the owner ends before it answers: nothing was asked of it yet. */
    private Optional<RemoteOutboxAccess> greet(ControlPoint controlPoint, Duration patience) {
        Future<?> alarm = CompletableFuture.runAsync(
                () -> giveUp(controlPoint, patience),
                CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
        try {
            JsonNode hello = accepted(exchange(ControlProtocol.hello()));
            holder = "process " + hello.path(ControlProtocol.PID).asLong() + " ("
                    + hello.path(ControlProtocol.HOLDER).asText() + ")";
            return Optional.of(this);
        } catch (IOException gone) {
            close();
            if (!unanswered.isEmpty()) {
                throw new OutboxStoreException(unanswered, gone);
            }
            return Optional.empty();
        } catch (RuntimeException refused) {
            close();
            throw new OutboxStoreException(String.valueOf(refused.getMessage()), refused);
        } finally {
            alarm.cancel(false);
        }
    }

    /** An owner that is stopped accepts connections all the same, since the kernel does that for it. */
    private void giveUp(ControlPoint controlPoint, Duration patience) {
        unanswered = "the owner of the outbox, process " + controlPoint.pid() + ", has not answered for "
                + patience.toMillis() + " ms; let it go on if it is stopped, or end it";
        close();
    }

    /** The process that owns the outbox, for a sentence: {@code process 4711 (tidesync run)}. */
    public String holder() {
        return holder;
    }

    @Override
    public List<EnqueueAnswer> enqueueAll(List<Operation> operations) {
        ObjectNode request = ControlProtocol.request(Request.ENQUEUE);
        ArrayNode list = request.putArray("operations");
        operations.forEach(operation -> list.add(OperationJson.writeNew(operation)));
        List<EnqueueAnswer> results = new ArrayList<>();
        ask(request)
                .forEach(pair -> results.add(
                        new EnqueueAnswer(pair.path(0).asText(), pair.path(1).asText())));
        return results;
    }

    @Override
    public Optional<Operation> find(String id) {
        JsonNode found =
                ask(ControlProtocol.request(Request.FIND).put("id", id)).path("operation");
        return found instanceof ObjectNode operation ? Optional.of(OperationJson.read(operation)) : Optional.empty();
    }

    @Override
    public List<Operation> page(OperationStatus status, String afterId, int limit) {
        List<Operation> page = new ArrayList<>();
        ask(ControlProtocol.request(Request.PAGE)
                        .put("status", status.name())
                        .put("after_id", afterId)
                        .put("limit", limit))
                .forEach(operation -> page.add(OperationJson.read((ObjectNode) operation)));
        return page;
    }

    @Override
    public Map<OperationStatus, Long> counts() {
        JsonNode answer = ask(ControlProtocol.request(Request.COUNTS));
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        for (OperationStatus status : OperationStatus.values()) {
            counts.put(status, answer.path(status.name()).asLong());
        }
        return counts;
    }

    @Override
    public void replay(String id) {
        ask(ControlProtocol.request(Request.REPLAY).put("id", id));
    }

    @Override
    public int replayAll(List<String> ids) {
        ObjectNode request = ControlProtocol.request(Request.REPLAY_ALL);
        ids.forEach(request.putArray("ids")::add);
        return askNew(request).asInt();
    }

    @Override
    public void cancel(String id) {
        ask(ControlProtocol.request(Request.CANCEL).put("id", id));
    }

    @Override
    public int pruneDone(Duration age) {
        return ask(ControlProtocol.request(Request.PRUNE).put("age_ms", age.toMillis()))
                .asInt();
    }

    @Override
    public int pruneDeadLetters(Duration age) {
        return askNew(ControlProtocol.request(Request.PRUNE_DEAD_LETTERS).put("age_ms", age.toMillis()))
                .asInt();
    }

    @Override
    public ImportSummary importVix(Path file) {
        JsonNode answer = ask(ControlProtocol.request(Request.IMPORT)
                .put("file", file.toAbsolutePath().toString()));
        List<String> problems = new ArrayList<>();
        answer.path("problems").forEach(problem -> problems.add(problem.asText()));
        return new ImportSummary(answer.path("imported").asInt(), problems);
    }

    @Override
    public Optional<Explanation> explain(String id) {
        JsonNode explanation =
                askNew(ControlProtocol.request(Request.EXPLAIN).put("id", id)).path("explanation");
        return explanation.isMissingNode() ? Optional.empty() : Optional.of(InsightJson.readExplanation(explanation));
    }

    @Override
    public EngineStatus engineStatus() {
        return InsightJson.readStatus(askNew(ControlProtocol.request(Request.ENGINE)));
    }

    private JsonNode ask(ObjectNode request) {
        try {
            return accepted(exchange(request)).path(ControlProtocol.OK);
        } catch (IOException lost) {
            throw new OutboxStoreException(
                    "the owner of the outbox could not be reached: " + lost.getMessage()
                            + "; what was asked may have been done, so look before asking again",
                    lost);
        }
    }

    /** Asks for what owners of the first version do not know yet. */
    private JsonNode askNew(ObjectNode request) {
        try {
            return ask(request);
        } catch (IllegalArgumentException refused) {
            if (ControlProtocol.isUnknownRequest(refused)) {
                throw new OutboxStoreException(
                        "the outbox is held by " + holder + ", an older version, which cannot do "
                                + request.path(ControlProtocol.DO).asText()
                                + "; stop it or start it again with this version",
                        refused);
            }
            throw refused;
        }
    }

    private JsonNode exchange(ObjectNode message) throws IOException {
        ControlProtocol.writeLine(requests, message);
        LineReader.Line line = answers.next().orElseThrow(() -> new IOException("it closed the connection"));
        return OperationJson.parse(line.bytes());
    }

    private static JsonNode accepted(JsonNode answer) {
        JsonNode error = answer.path(ControlProtocol.ERROR);
        if (!error.isMissingNode()) {
            throw Failure.valueOf(error.path(ControlProtocol.KIND).asText())
                    .toException(error.path(ControlProtocol.MESSAGE).asText());
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException alreadyGone) {
            throw new OutboxStoreException("the control connection could not be closed: " + alreadyGone, alreadyGone);
        }
    }
}
