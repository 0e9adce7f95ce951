package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.insight.DeliveryListener;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.spi.Settlement;
import dev.tidesync.spi.Settlement.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners hear of outcomes once they are recorded, and hold up nobody. */
final class DeliveryListenerTest {
    private final ScriptedTransport transport = new ScriptedTransport();
    private final EngineUnderTest sync = new EngineUnderTest(transport);
    private final List<Settlement> settled = new CopyOnWriteArrayList<>();
    private final List<Breaker> breakers = new CopyOnWriteArrayList<>();
    private final DeliveryListener listener = new DeliveryListener() {
        @Override
        public void settled(Settlement settlement) {
            settled.add(settlement);
        }

        @Override
        public void destinationChanged(DestinationStatus destination) {
            breakers.add(destination.breaker());
        }
    };

    @AfterEach
    void close() {
        sync.close();
    }

    @Test
    void everyOutcomeIsToldInOrder() {
        sync.engine.subscribe(listener);
        transport.answer(SendResult.retryable("busy").withCode("test.busy"));
        String id = sync.enqueue("/a", "x");

        sync.tick();
        transport.answer(SendResult.delivered());
        sync.tickAfter(1_000);

        await().until(() -> settled.size() == 2);
        assertThat(settled).extracting(Settlement::verdict).containsExactly(Verdict.FAILED, Verdict.DELIVERED);
        assertThat(settled.get(0).code()).isEqualTo("test.busy");
        assertThat(settled).allMatch(one -> one.claim().operation().id().equals(id));
    }

    @Test
    void pausesAndTheirEndsAreTold() {
        sync.engine.subscribe(listener);
        transport.answer(SendResult.retryable("down").withScope(Scope.TARGET));
        sync.enqueue("/a", "1");
        for (int failure = 0; failure < 3; failure++) {
            sync.tickAfter(1_000);
        }
        transport.answer(SendResult.delivered());
        sync.tickAfter(1_000);

        await().until(() -> breakers.size() == 2);
        assertThat(breakers).containsExactly(Breaker.OPEN, Breaker.CLOSED);
    }

    @Test
    void listenerThatThrowsSpoilsNothing() {
        sync.engine.subscribe(new DeliveryListener() {
            @Override
            public void settled(Settlement settlement) {
                throw new IllegalStateException("broken listener");
            }
        });
        sync.engine.subscribe(listener);
        sync.enqueue("/a", "x");

        sync.tick();

        await().until(() -> settled.size() == 1);
    }

    @Test
    void nothingIsToldAfterTheSubscriptionIsClosed() {
        List<Settlement> heardByOther = new CopyOnWriteArrayList<>();
        sync.engine.subscribe(listener).close();
        sync.engine.subscribe(new DeliveryListener() {
            @Override
            public void settled(Settlement settlement) {
                heardByOther.add(settlement);
            }
        });
        sync.enqueue("/a", "x");

        sync.tick();

        await().until(() -> heardByOther.size() == 1);
        assertThat(settled).isEmpty();
    }

    @Test
    void slowListenerLosesEventsAndHoldsUpNoDelivery() {
        CountDownLatch block = new CountDownLatch(1);
        Announcer announcer = new Announcer();
        announcer.add(new DeliveryListener() {
            @Override
            public void destinationChanged(DestinationStatus destination) {
                try {
                    block.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        DestinationStatus any = new DestinationStatus("test", "", Breaker.CLOSED, 0, 0, "", 0, 1);

        for (int event = 0; event < DeliveryListener.MOST_WAITING + 101; event++) {
            announcer.tell(each -> each.destinationChanged(any));
        }

        assertThat(announcer.lost()).isEqualTo(100);
        block.countDown();
        announcer.close();
    }
}
