package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineOutboxIT {
    @TempDir
    private Path directory;

    private final EngineOutbox outbox = new EngineOutbox();
    private FileOutboxStore store;

    @BeforeEach
    void open() {
        store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .build());
        outbox.open(new Outbox(store));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Operation operation(String id, String kind, String payload) {
        return Operation.of(kind, "/a", payload).toBuilder().id(id).build();
    }

    private static Operation await(CompletionStage<Operation> kept) {
        return kept.toCompletableFuture().join();
    }

    @Test
    void whatIsEnqueuedIsDurable() {
        await(outbox.enqueue(operation("one", "test.a", "x")));

        store.close();
        open();
        assertThat(store.get("one").orElseThrow().payloadText()).isEqualTo("x");
    }

    @Test
    void oneThatIsKeptAlreadyStands() {
        await(outbox.enqueue(operation("one", "test.a", "first")));
        store.claim("one", "owner", 1);
        store.markPermanentFailed("one", "given up", 1);

        Operation kept = await(outbox.enqueue(operation("one", "test.a", "second")));

        assertThat(kept.payloadText()).isEqualTo("first");
        assertThat(kept.lastError()).isEqualTo("given up");
        assertThat(store.get("one").orElseThrow().isPermanentFailed()).isTrue();
    }

    @Test
    void whatIsUnfinishedIsShownByKind() {
        IntStream.range(0, 40).forEach(i -> await(outbox.enqueue(operation("a" + i, "test.a", "x"))));
        await(outbox.enqueue(operation("other", "test.b", "x")));
        IntStream.range(0, 5).forEach(i -> store.claim("a" + i, "owner", Long.MAX_VALUE / 2));
        store.markDone("a0", 1);
        store.markFailed("a1", "later", 1, 2);
        store.markPermanentFailed("a2", "never", 1);

        List<String> shown = new ArrayList<>();
        outbox.eachUnfinished("test.a", operation -> shown.add(operation.id()));

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40)
                        .filter(i -> i != 0 && i != 2)
                        .mapToObj(i -> "a" + i)
                        .toList());
    }

    @Test
    void nothingIsTakenBeforeTheEngineIsOpen() {
        assertThatThrownBy(() -> new EngineOutbox().enqueue(operation("one", "test.a", "x")))
                .isInstanceOf(IllegalStateException.class);
    }
}
