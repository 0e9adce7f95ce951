package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.spi.Settings;
import dev.tidesync.transport.ws.dialect.WsEvent;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that says more than we can look at is held up, rather than kept in memory. */
class AnswerFloodTest {
    private final Loop loop = new Loop("answer-flood");
    private final CountDownLatch busy = new CountDownLatch(1);

    @AfterEach
    void stop() {
        busy.countDown();
        loop.stop();
    }

    @Test
    void theReaderWaitsWhileTheLoopHasEnoughToLookAt() throws Exception {
        WsConfig config = WsConfig.from(Settings.of(WsSettings.SPEC, Map.of()), "test");
        Target target = new Target(URI.create("ws://127.0.0.1:1/"), "");
        Wiring wiring =
                new Wiring("test", config, loop, (counter, amount) -> {}, System::nanoTime, new Random(1), gone -> {});
        Destination destination = new Destination(target, wiring);
        Link link = new Link(target, config, destination);
        AtomicInteger said = new AtomicInteger();
        loop.execute(() -> awaitUninterruptibly(busy));

        Thread reader = new Thread(() -> {
            for (int i = 0; i < 10_000; i++) {
                destination.received(link, new WsEvent.Accepted(i, ""));
                said.incrementAndGet();
            }
        });
        reader.start();

        await().until(() -> reader.getState() == Thread.State.WAITING);
        assertThat(said.get()).isEqualTo(256);
        busy.countDown();
        reader.join();
        assertThat(said.get()).isEqualTo(10_000);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
