package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.api.Operation;
import dev.tidesync.engine.control.EnqueueAnswer;
import dev.tidesync.engine.control.OutboxAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync enqueue}: takes custody of one operation, or of one a line. */
@Command(
        name = "enqueue",
        description = "Puts an operation, or a batch of them, on disk to be delivered; prints each id.",
        footer = {
            "",
            "A batch holds one JSON object a line with the fields id, kind, target, payload or",
            "payload_base64, headers, idempotency_key, ordering_key, next_retry_at_ms, expires_at_ms;",
            "kind and target are required. A line that is refused is reported, and the rest goes on.",
            "",
            "Exit code: 0 if all is on disk, 2 if anything was refused, 1 if the outbox failed."
        })
final class EnqueueCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(names = "--kind", paramLabel = "KIND", description = "What to do, as http.post")
    private @Nullable String kind;

    @Option(names = "--target", paramLabel = "TARGET", description = "Where to do it: a URL, or a path below a base")
    private @Nullable String target;

    @Option(names = "--payload", paramLabel = "TEXT", description = "The payload, sent as UTF-8")
    private @Nullable String payload;

    @Option(names = "--payload-file", paramLabel = "FILE", description = "The payload, byte by byte")
    private @Nullable Path payloadFile;

    @Parameters(arity = "0..1", paramLabel = "-", description = "A lone '-' reads the payload from standard input")
    private @Nullable String stdin;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "For the transport; may be repeated")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--ordering-key", paramLabel = "KEY", description = "Delivered strictly after those before it")
    private String orderingKey = "";

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "What receivers deduplicate by; default: the id")
    private String idempotencyKey = "";

    @Option(names = "--id", paramLabel = "ID", description = "A name of your own; default: a new UUID")
    private String id = "";

    @Option(
            names = "--delay",
            paramLabel = "SPAN",
            converter = DurationConverter.class,
            description = "Not before this span from now, as 5m")
    private @Nullable Duration delay;

    @Option(
            names = "--expires",
            paramLabel = "SPAN",
            converter = DurationConverter.class,
            description = "Not worth delivering after this span from now, as 7d")
    private @Nullable Duration expires;

    @Option(names = "--batch", paramLabel = "FILE", description = "One JSON operation a line; '-' is standard input")
    private @Nullable String batch;

    @Override
    public Integer call() throws IOException {
        return batch == null ? enqueueOne() : enqueueBatch(batch);
    }

    private int enqueueOne() throws IOException {
        Operation operation = operation();
        try (OutboxAccess outbox = global().openOutbox()) {
            EnqueueAnswer answer = outbox.enqueueAll(List.of(operation)).get(0);
            if (!answer.isAccepted()) {
                throw new CommandFailure(ExitCode.BAD_INPUT, answer.problem());
            }
            printId(global(), answer.id());
        }
        return ExitCode.OK;
    }

    private Operation operation() throws IOException {
        Operation.Builder operation = Operation.builder()
                .id(id)
                .kind(required("--kind", kind))
                .target(required("--target", target))
                .payload(readPayload())
                .idempotencyKey(idempotencyKey)
                .orderingKey(orderingKey);
        headers.forEach(header -> addHeader(operation, header));
        long nowMs = InstantSource.system().millis();
        if (delay != null) {
            operation.nextRetryAtMs(nowMs + delay.toMillis());
        }
        if (expires != null) {
            operation.expiresAtMs(nowMs + expires.toMillis());
        }
        return operation.build();
    }

    private static String required(String option, @Nullable String value) {
        if (value == null) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, "enqueue needs --kind and --target, or --batch; " + option + " is missing");
        }
        return value;
    }

    private static void addHeader(Operation.Builder operation, String header) {
        int equals = header.indexOf('=');
        if (equals <= 0) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "--header expects NAME=VALUE but one of " + header.length() + " characters has no "
                            + (equals < 0 ? "'='" : "name") + "; it is not shown, since it may be a secret");
        }
        operation.header(header.substring(0, equals), header.substring(equals + 1));
    }

    private byte[] readPayload() throws IOException {
        long sources =
                Stream.of(payload, payloadFile, stdin).filter(Objects::nonNull).count();
        if (sources > 1) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, "--payload, --payload-file and '-' exclude each other; keep one");
        }
        if (stdin != null) {
            requireStdinMarker(stdin);
            return global().terminal().in().readAllBytes();
        }
        if (payloadFile != null) {
            return readFile(payloadFile);
        }
        return Objects.requireNonNullElse(payload, "").getBytes(StandardCharsets.UTF_8);
    }

    private static void requireStdinMarker(String argument) {
        if (!argument.equals(STDIN)) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT,
                    "enqueue does not expect '" + Terminal.visible(argument) + "'; a payload goes with --payload");
        }
    }

    private static byte[] readFile(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw cannotRead("payload", unreadable);
        }
    }

    private int enqueueBatch(String source) {
        requireNothingBesideBatch();
        try (InputStream lines = openBatch(source);
                OutboxAccess outbox = global().openOutbox()) {
            return new BatchEnqueue(outbox, global()).run(lines);
        } catch (IOException unreadable) {
            throw cannotRead("batch", unreadable);
        }
    }

    private void requireNothingBesideBatch() {
        boolean alone = Stream.of(kind, target, payload, payloadFile, stdin, delay, expires)
                        .allMatch(Objects::isNull)
                && headers.isEmpty()
                && id.isEmpty()
                && idempotencyKey.isEmpty()
                && orderingKey.isEmpty();
        if (!alone) {
            throw new CommandFailure(
                    ExitCode.BAD_INPUT, "--batch takes every field from its lines; leave the other options out");
        }
    }

    private InputStream openBatch(String source) {
        if (source.equals(STDIN)) {
            return global().terminal().in();
        }
        try {
            return Files.newInputStream(Path.of(source));
        } catch (IOException unreadable) {
            throw cannotRead("batch", unreadable);
        }
    }

    private static CommandFailure cannotRead(String what, IOException unreadable) {
        return new CommandFailure(ExitCode.BAD_INPUT, "cannot read the " + what + ": " + unreadable, unreadable);
    }

    static void printId(TidesyncCommand global, String id) {
        if (global.json()) {
            global.terminal().print(JsonNodeFactory.instance.objectNode().put("id", id));
        } else {
            global.terminal().print(Terminal.visible(id));
        }
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
