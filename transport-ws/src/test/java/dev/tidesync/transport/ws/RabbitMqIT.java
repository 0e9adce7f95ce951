package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is not ours. What lies in its queues afterwards, consumed by another client, is the judge. */
@EnabledIfSystemProperty(
        named = "rabbitmq",
        matches = "true",
        disabledReason = "a broker takes long to start; -Drabbitmq=true, with Debian's rabbitmq-server installed")
class RabbitMqIT {
    private static final String LAST = "the last one";

    private static @Nullable RabbitMq started;

    private static RabbitMq broker() {
        return java.util.Objects.requireNonNull(started);
    }

    @BeforeAll
    static void startTheBroker(@TempDir Path directory) throws Exception {
        assumeTrue(RabbitMq.isInstalled(), "rabbitmq-server is not installed: RabbitMQ is not tested");
        started = RabbitMq.startedIn(directory);
    }

    @AfterAll
    static void stopTheBroker() {
        if (started != null) {
            started.close();
        }
    }

    private static ISyncTransport transport(String password) {
        return WsFixture.transport(
                "dialect", "v12.stomp",
                "virtual-host", "/",
                "auth.type", "login",
                "auth.username", RabbitMq.USER,
                "auth.password", password,
                "auth.hosts", "127.0.0.1",
                "window.waiting", "5000");
    }

    private static ISyncTransport transport() {
        return transport(RabbitMq.PASSWORD);
    }

    private static String target(int port, String destination) {
        return "ws://127.0.0.1:" + port + "/ws#" + destination;
    }

    private static String queue(String name) {
        return target(broker().port(), "/queue/" + name);
    }

    /** Everything that the queue holds. */
    private static List<String> drain(String name) throws InterruptedException {
        try (ISyncTransport transport = transport();
                StompConsumer consumer =
                        new StompConsumer(broker().port(), RabbitMq.USER, RabbitMq.PASSWORD, "/queue/" + name)) {
            WsFixture.deliver(transport, operation(queue(name), LAST));
            return consumer.takeUntil(LAST);
        }
    }

    private static List<Operation> operations(String queue, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> operation(queue(queue), "n" + i))
                .toList();
    }

    private static List<String> payloads(List<Operation> operations) {
        return operations.stream().map(Operation::payloadText).toList();
    }

    @Test
    void whatIsDeliveredLiesInTheQueueOnceAndInOrder() throws Exception {
        List<Operation> operations = operations("orders", 500);
        try (ISyncTransport transport = transport()) {
            List<CompletableFuture<SendResult>> results =
                    operations.stream().map(each -> start(transport, each)).toList();
            assertThat(results).map(WsFixture::await).allMatch(SendResult::ok);
        }

        assertThat(drain("orders")).containsExactlyElementsOf(payloads(operations));
    }

    @Test
    void withoutTheReceiptAnOperationIsNotDeliveredThoughTheQueueHasIt() throws Exception {
        try (FaultProxy proxy = new FaultProxy(broker().port());
                ISyncTransport transport = transport()) {
            String target = target(proxy.port(), "/queue/unconfirmed");
            WsFixture.deliver(transport, operation(target, "first"));
            Operation second = operation(target, "second");
            proxy.cutRepliesAfter(3);

            SendResult unconfirmed = send(transport, second);

            assertThat(unconfirmed.ok()).isFalse();
            assertThat(unconfirmed.retryable()).isTrue();
            assertThat(unconfirmed.ambiguous()).isTrue();
            WsFixture.deliver(transport, second);
        }
        assertThat(drain("unconfirmed")).containsExactly("first", "second", "second");
    }

    @Test
    void whatWasConfirmedBeforeTheBrokerWasKilledIsInTheQueueAfterItsRestart() throws Exception {
        List<Operation> operations = operations("killed", 3_000);
        int sends = operations.size();
        AtomicInteger confirmed = new AtomicInteger();
        try (ISyncTransport transport = transport()) {
            List<CompletableFuture<SendResult>> results = operations.stream()
                    .map(each -> start(transport, each).whenComplete((result, bug) -> {
                        if (result != null && result.ok()) {
                            confirmed.incrementAndGet();
                        }
                    }))
                    .toList();
            await().until(() -> confirmed.get() >= 300);
            broker().kill();

            assertThat(results).map(WsFixture::await).allMatch(result -> result.ok() || result.retryable());
            assertThat(confirmed).hasValueLessThan(operations.size());
            assertThat(send(transport, operation(queue("killed"), "while it is down"))
                            .scope())
                    .isEqualTo(Scope.TARGET);
            broker().restart();
            for (int i = 0; i < operations.size(); i++) {
                if (!WsFixture.await(results.get(i)).ok()) {
                    sends += WsFixture.deliver(transport, operations.get(i));
                }
            }
        }

        List<String> inTheQueue = drain("killed");
        assertThat(inTheQueue).containsAll(payloads(operations)).hasSizeLessThanOrEqualTo(sends);
    }

    @Test
    void wrongCredentialsBlockTheDestination() {
        try (ISyncTransport transport = transport("wrong")) {
            SendResult result = send(transport, operation(queue("orders"), "hello"));

            assertThat(result.code()).isEqualTo("ws.login");
            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.ambiguous()).isFalse();
            assertThat(result.error()).doesNotContain("wrong");
        }
    }

    /** RabbitMQ 3.10 logs that it sends an ERROR, but only closes. */
    @Test
    void anExchangeThatIsMissingIsChargedToItsOperationAndTheOthersGetThrough() throws Exception {
        List<Operation> good = operations("innocent", 20);
        try (ISyncTransport transport = transport()) {
            WsFixture.deliver(transport, operation(queue("innocent"), "the connection is up"));
            Operation lost = operation(target(broker().port(), "/exchange/missing/key"), "x");
            List<CompletableFuture<SendResult>> results =
                    good.stream().map(each -> start(transport, each)).toList();
            CompletableFuture<SendResult> bad = start(transport, lost);

            good.stream()
                    .filter(each ->
                            !WsFixture.await(results.get(good.indexOf(each))).ok())
                    .forEach(each -> WsFixture.deliver(transport, each));
            SendResult refused = WsFixture.await(bad);
            while (refused.scope() == Scope.TARGET) {
                refused = send(transport, lost);
            }

            assertThat(refused.code()).isEqualTo("ws.close.1000");
            assertThat(refused.scope()).isEqualTo(Scope.OPERATION);
        }
        assertThat(drain("innocent")).containsAll(payloads(good));
    }
}
