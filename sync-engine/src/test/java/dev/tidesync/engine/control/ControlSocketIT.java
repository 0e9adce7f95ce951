package dev.tidesync.engine.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketIT {
    @TempDir
    Path data;

    private final MemoryOutboxAccess outbox = new MemoryOutboxAccess();
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        server = ControlServer.open(outbox, data, "tidesync run");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void everyFieldOfAnOperationArrivesAndComesBack() throws IOException {
        Operation operation = Operation.builder()
                .id("op-1")
                .kind("http.post")
                .target("/things?q=ü")
                .payload(new byte[] {0, -1, 10, 13})
                .header("X-Name", "välue")
                .idempotencyKey("key-1")
                .orderingKey("lane-1")
                .expiresAtMs(9_000)
                .nextRetryAtMs(5_000)
                .build();

        try (RemoteOutboxAccess remote = connect()) {
            assertThat(remote.enqueueAll(List.of(operation))).containsExactly(EnqueueAnswer.accepted("op-1"));
            assertThat(remote.find("op-1")).contains(operation);
        }
        assertThat(outbox.find("op-1")).contains(operation);
    }

    @Test
    void theLifecycleComesBackToo() throws IOException {
        Operation failed = Operation.restore(Operation.of("http.post", "/a", "text").toBuilder()
                        .id("a")
                        .build())
                .status(OperationStatus.FAILED)
                .attempt(3)
                .createdAtMs(1)
                .updatedAtMs(2)
                .nextRetryAtMs(3)
                .lastError("HTTP 500")
                .build();
        outbox.put(failed);

        try (RemoteOutboxAccess remote = connect()) {
            assertThat(remote.page(OperationStatus.FAILED, "", 10)).containsExactly(failed);
            assertThat(remote.page(OperationStatus.FAILED, "a", 10)).isEmpty();
            assertThat(remote.counts())
                    .containsEntry(OperationStatus.FAILED, 1L)
                    .hasSize(5);
        }
    }

    @Test
    void anExplanationComesBackWhole() throws IOException {
        outbox.put(Operation.of("http.post", "/a", "").toBuilder().id("a").build());

        try (RemoteOutboxAccess remote = connect()) {
            Explanation there = outbox.explain("a").orElseThrow();
            Explanation here = remote.explain("a").orElseThrow();

            assertThat(here.reasons()).isEqualTo(there.reasons());
            assertThat(here.standing()).usingRecursiveComparison().isEqualTo(there.standing());
            assertThat(remote.explain("unknown")).isEmpty();
        }
    }

    @Test
    void theEnginesStatusComesBackWhole() throws IOException {
        outbox.status = new EngineStatus(
                true,
                false,
                3,
                List.of(new DestinationStatus(
                        "http", "https://a.example", DestinationStatus.Breaker.OPEN, 9, 4, "http.503", 1, 2)));

        try (RemoteOutboxAccess remote = connect()) {
            assertThat(remote.engineStatus()).isEqualTo(outbox.status);
        }
    }

    @Test
    void oneRefusedOperationDoesNotSpoilItsBatch() throws IOException {
        try (RemoteOutboxAccess remote = connect()) {
            List<EnqueueAnswer> answers = remote.enqueueAll(List.of(
                    Operation.of("http.post", "/a", ""),
                    Operation.of("refuse.me", "/b", ""),
                    Operation.of("http.post", "/c", "")));

            assertThat(answers).extracting(EnqueueAnswer::isAccepted).containsExactly(true, false, true);
            assertThat(answers.get(1).problem()).isEqualTo("operation refused: because");
        }
    }

    @Test
    void refusalsKeepTheirType() throws IOException {
        try (RemoteOutboxAccess remote = connect()) {
            assertThatThrownBy(() -> remote.replay("x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("operation 'x' is DONE and cannot be replayed");
            assertThatThrownBy(() -> remote.cancel("y"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("no operation 'y'");
            assertThat(remote.find("y")).isEmpty();
        }
    }

    @Test
    void pruneAndImportReachTheOwner() throws IOException {
        try (RemoteOutboxAccess remote = connect()) {
            assertThat(remote.pruneDone(Duration.ofDays(7))).isEqualTo(7);
            assertThat(outbox.prunedAge()).isEqualTo(Duration.ofDays(7));
            assertThat(remote.pruneDeadLetters(Duration.ofDays(30))).isEqualTo(3);
            assertThat(outbox.prunedAge()).isEqualTo(Duration.ofDays(30));
            assertThat(remote.replayAll(List.of("a", "b"))).isEqualTo(2);
            assertThat(remote.importVix(Path.of("old.json")))
                    .isEqualTo(new ImportSummary(2, List.of("old.json: row 'x' has no kind")));
        }
    }

    @Test
    void theHolderIsNamed() throws IOException {
        try (RemoteOutboxAccess remote = connect()) {
            assertThat(remote.holder())
                    .isEqualTo("process " + ProcessHandle.current().pid() + " (tidesync run)");
        }
    }

    @Test
    void anotherProtocolVersionIsRefusedByName() throws IOException {
        assertThat(firstAnswerTo("{\"tidesync_control\":99}\n"))
                .contains("speaks control protocol 1 but was asked for 99", "use the tidesync command of its version");
    }

    @Test
    void whatIsNoJsonIsRefusedAndTheConnectionEnds() throws IOException {
        assertThat(firstAnswerTo("GET / HTTP/1.1\n")).contains("BAD_REQUEST").contains("not valid JSON");
    }

    @Test
    void onlyThisUserCanFindAndEnterTheSocket() throws IOException {
        Path socket = ControlPoint.read(data).orElseThrow().socket();

        assertThat(Files.getPosixFilePermissions(data.resolve("control.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(socket.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(socket.toString().length()).isLessThan(100);
    }

    @Test
    void closingRemovesEveryTrace() throws IOException {
        Path socket = ControlPoint.read(data).orElseThrow().socket();

        server.close();

        assertThat(socket.getParent()).doesNotExist();
        assertThat(data).isEmptyDirectory();
        assertThat(RemoteOutboxAccess.connect(data)).isEmpty();
    }

    @Test
    void closingEndsOpenConnectionsWithAClearError() throws IOException {
        try (RemoteOutboxAccess remote = connect()) {
            server.close();

            assertThatThrownBy(remote::counts)
                    .isInstanceOf(OutboxStoreException.class)
                    .hasMessageContaining("the owner of the outbox could not be reached");
        }
    }

    @Test
    @Timeout(30)
    void whatWasAskedBeforeClosingIsStillAnswered() throws Exception {
        CountDownLatch counting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        outbox.whileCounting = () -> {
            counting.countDown();
            awaitUnchecked(goOn);
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RemoteOutboxAccess remote = connect()) {
            Future<Map<OperationStatus, Long>> counts = threads.submit(remote::counts);
            counting.await();

            Future<?> closed = threads.submit(server::close);
            await().until(() -> ControlPoint.read(data).isEmpty());
            goOn.countDown();

            assertThat(counts.get()).isEqualTo(outbox.counts());
            closed.get();
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aKilledOwnersSocketIsTakenForWhatItIsAndCleanedUp() throws IOException {
        server.close();
        ControlPoint dead = ControlPoint.create();
        Files.createFile(dead.socket());
        dead.publish(data);

        assertThat(RemoteOutboxAccess.connect(data)).isEmpty();
        open();
        assertThat(dead.socket().getParent()).doesNotExist();
        assertThat(connect().counts()).isNotEmpty();
    }

    @Test
    void anOwnerThatEndsBeforeItGreetsIsTakenForGone() throws Exception {
        server.close();
        ControlPoint ending = ControlPoint.create();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(ending.socket()));
            ending.publish(data);
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> acceptAndClose(listener));

            assertThat(RemoteOutboxAccess.connect(data)).isEmpty();

            end.get(10, TimeUnit.SECONDS);
        }
        ending.withdraw(data);
    }

    @Test
    void anOwnerOfAnOlderVersionIsNamedWithWhatItCannotDo() throws Exception {
        server.close();
        ControlPoint older = ControlPoint.create();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(older.socket()));
            older.publish(data);
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> answerAsTheFirstVersion(listener));

            try (RemoteOutboxAccess remote = connect()) {
                assertThatThrownBy(() -> remote.pruneDeadLetters(Duration.ofDays(7)))
                        .isInstanceOf(OutboxStoreException.class)
                        .hasMessage("the outbox is held by process 4711 (tidesync run), an older version, which cannot"
                                + " do PRUNE_DEAD_LETTERS; stop it or start it again with this version");
            }

            end.get(10, TimeUnit.SECONDS);
        }
        older.withdraw(data);
    }

    /** Word for word what version 1 answered before there was such a request. */
    private static void answerAsTheFirstVersion(ServerSocketChannel listener) {
        String answers = """
                {"tidesync_control":1,"pid":4711,"holder":"tidesync run"}
                {"error":{"kind":"BAD_REQUEST","message":"unknown request 'PRUNE_DEAD_LETTERS'; known: [ENQUEUE, FIND, PAGE, COUNTS, REPLAY, CANCEL, PRUNE, IMPORT]"}}
                """;
        try (SocketChannel connection = listener.accept()) {
            LineReader requests = new LineReader(Channels.newInputStream(connection), 1_000);
            for (String answer : answers.lines().toList()) {
                assertThat(requests.next()).isPresent();
                Channels.newOutputStream(connection).write((answer + "\n").getBytes(UTF_8));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void acceptAndClose(ServerSocketChannel listener) {
        try {
            listener.accept().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void anOwnerThatDoesNotAnswerIsNamed() throws IOException {
        server.close();
        ControlPoint stopped = ControlPoint.create();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(stopped.socket()));
            stopped.publish(data);

            assertThatThrownBy(() -> RemoteOutboxAccess.connect(data, Duration.ofMillis(50)))
                    .isInstanceOf(OutboxStoreException.class)
                    .hasMessageContaining("process " + stopped.pid() + ", has not answered");
        } finally {
            stopped.withdraw(data);
        }
    }

    private RemoteOutboxAccess connect() throws IOException {
        return RemoteOutboxAccess.connect(data).orElseThrow();
    }

    private String firstAnswerTo(String line) throws IOException {
        Path socket = ControlPoint.read(data).orElseThrow().socket();
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(connection).write(line.getBytes(UTF_8));
            return new String(Channels.newInputStream(connection).readAllBytes(), UTF_8);
        }
    }
}
