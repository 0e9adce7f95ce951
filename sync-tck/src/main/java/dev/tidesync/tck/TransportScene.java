package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The transport that the rules run against, what its author says of it, and the words that the rules are written in.
 */
abstract class TransportScene {
    /** Twenty times what an engine waits for a call, since machines that run tests are busy. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @TempDir
    private @Nullable Path dataDirectory;

    private final List<ISyncTransport> created = new ArrayList<>();
    private @Nullable ISyncTransport transport;

    TransportScene() {}

    /** A new provider of the plugin. */
    protected abstract SyncTransportProvider provider();

    /** The settings under which it reaches the other side; none unless overridden. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** An operation that the other side takes, with whatever payload, id and key the rules put into it. */
    protected abstract Operation deliverable();

    /** Everything the other side has taken so far in this test. */
    protected abstract List<Received> received();

    /** An operation whose destination cannot be reached now, but may be later. */
    protected Optional<Operation> unreachable() {
        return Optional.empty();
    }

    /** An operation whose target or kind this transport can never make sense of. */
    protected Optional<Operation> malformed() {
        return Optional.empty();
    }

    /** An operation that the other side turns down for good. */
    protected Optional<Operation> refused() {
        return Optional.empty();
    }

    /** An operation that the other side never answers. */
    protected Optional<Operation> unanswered() {
        return Optional.empty();
    }

    /** How long anything may take before the rules give up on it; 10 seconds unless overridden. */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Makes the transport before each rule. */
    @BeforeEach
    public final void makeTheTransport() {
        transport = create();
    }

    /** Closes all that were made. */
    @AfterEach
    public final void closeTheTransports() {
        created.forEach(ISyncTransport::close);
    }

    /** Makes one more transport; it is closed after the rule. */
    final ISyncTransport create() {
        SyncTransportProvider provider = provider();
        try {
            Settings settings = Settings.of(provider.descriptor().configSpec(), settings());
            Path data = Objects.requireNonNull(dataDirectory).resolve("transport-" + created.size());
            ISyncTransport made =
                    provider.create(new ContractContext(provider.descriptor().id(), settings, data));
            created.add(made);
            return made;
        } catch (TransportConfigException wrong) {
            throw new AssertionError("the settings under test are refused", wrong);
        }
    }

    /** The transport under test. */
    protected final ISyncTransport transport() {
        return Objects.requireNonNull(transport, "the transport is not made yet");
    }

    /** Closes a transport as part of a rule, so that it is not closed again after the rule. */
    final void close(ISyncTransport closing) {
        created.remove(closing);
        closing.close();
    }

    /** The operation, if the author gave one; otherwise the rule is skipped, which a test report shows. */
    static Operation given(Optional<Operation> operation, String whatItIs) {
        Assumptions.assumeTrue(operation.isPresent(), () -> "no operation was given that is " + whatItIs);
        return operation.orElseThrow();
    }

    /** A deliverable operation with this id, a key that derives from it, and this payload. */
    final Operation deliverable(String id, byte[] payload) {
        return deliverable().toBuilder()
                .id(id)
                .idempotencyKey("key-" + id)
                .payload(payload)
                .build();
    }

    final Operation deliverable(String id) {
        return deliverable(id, ("payload of " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends as an engine does, and waits no longer than patience allows. */
    final SendResult send(Operation operation) throws Exception {
        return start(operation, new ContractSendContext(patience()))
                .get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Fails if this blocks where an engine does not wait. */
    static void assertAtOnce(String what, Runnable action) {
        assertReturnsWithin(AT_ONCE, what, action);
    }

    static void assertReturnsWithin(Duration bound, String what, Runnable action) {
        long begunNanos = System.nanoTime();
        action.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).as(what).isLessThan(bound);
    }

    /** Starts a send whose end is of no interest. */
    final void begin(Operation operation, ContractSendContext context) {
        CompletableFuture<SendResult> unused = start(operation, context);
    }

    final CompletableFuture<SendResult> start(Operation operation, ContractSendContext context) {
        return transport().sendAsync(operation, context).toCompletableFuture();
    }
}
