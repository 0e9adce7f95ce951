package dev.tidesync.engine.store;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Short lives of an outbox, which between them take every path that writes, moves, forgets or reads. */
final class FaultScenarios {
    /** One life, from the first opening on. */
    record Scenario(String name, Consumer<OutboxUser> life) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Scenario> ALL = List.of(
            scenario("opened for the first time", user -> {}),
            scenario("opened, closed and opened", OutboxUser::reopen),
            scenario("one enqueued", user -> user.enqueue("a")),
            scenario("one enqueued after another", user -> {
                user.enqueue("a");
                user.enqueue("b");
                user.enqueue("c");
            }),
            scenario("a batch enqueued", user -> user.enqueue(ids("a", 8))),
            scenario("a batch larger than a segment", user -> user.enqueue(ids("a", 40))),
            scenario("one larger than a segment", user -> {
                user.enqueue("a");
                user.enqueueLarge("large", 6_000);
                user.enqueue("b");
            }),
            scenario("segments rolled", user -> each(ids("a", 30), user::enqueue)),
            scenario("one delivered", user -> {
                user.enqueue("a");
                user.claim(1);
                user.deliver("a");
                user.forceSoon();
            }),
            scenario("delivered and not forced", user -> {
                user.enqueue(ids("a", 4));
                user.claim(4);
                user.deliver("a0", "a1");
                user.deliver("a2");
            }),
            scenario("delivered out of order", user -> {
                user.enqueue(ids("a", 5));
                user.claim(5);
                each(List.of("a4", "a1", "a3", "a0", "a2").toArray(String[]::new), user::deliver);
                user.forceSoon();
            }),
            scenario("delivered with an answer", user -> {
                user.enqueue("a");
                user.claim(1);
                user.deliverWithAnswer("a", "answer".repeat(30));
                user.forceSoon();
            }),
            scenario("failed, tried again and delivered", user -> {
                user.enqueue("a");
                for (int attempt = 0; attempt < 3; attempt++) {
                    user.claim(1);
                    user.fail("a");
                    user.forceSoon();
                }
                user.claim(1);
                user.deliver("a");
            }),
            scenario("released and claimed again", user -> {
                user.enqueue("a", "b");
                user.claim(2);
                user.release("b");
                user.claim(1);
                user.forceSoon();
            }),
            scenario("failed for good", user -> {
                user.enqueue("a", "b");
                user.claim(2);
                user.bury("a");
                user.deliver("b");
            }),
            scenario("failed for good in a batch", user -> {
                user.enqueue(ids("a", 6));
                user.claim(6);
                user.bury("a0", "a2", "a4");
            }),
            scenario("cancelled", user -> {
                user.enqueue("a", "b");
                user.cancel("b");
                user.cancel("a");
            }),
            scenario("failed for good and sent again", user -> {
                user.enqueue("a", "b");
                user.claim(1);
                user.bury("a");
                user.replay("a");
                user.claim(2);
                user.deliver("a", "b");
            }),
            scenario("expired", user -> {
                user.enqueueShortLived("a");
                user.enqueue("b");
                user.pass(2_000);
                user.expire("a");
            }),
            scenario("claimed and never answered", user -> {
                user.enqueue("a", "b");
                user.claim(2);
                user.requeue("a", "b");
                user.claim(1);
                user.deliver("a");
            }),
            scenario("a lane", user -> {
                user.enqueueInLane("lane", ids("a", 4));
                for (int i = 0; i < 3; i++) {
                    user.claim(1);
                    user.deliver("a" + i);
                }
            }),
            scenario("two lanes, one of them held up", user -> {
                user.enqueueInLane("x", "x0", "x1");
                user.enqueueInLane("y", "y0", "y1");
                user.claim(2);
                user.fail("x0");
                user.deliver("y0");
                user.claim(2);
                user.forceSoon();
            }),
            scenario("delivered ones pruned", user -> {
                user.enqueue(ids("a", 4));
                user.claim(3);
                user.deliver("a0", "a1", "a2");
                user.pruneDone();
                user.enqueue("b");
                user.forceSoon();
            }),
            scenario("dead letters pruned", user -> {
                user.enqueue("a", "b", "c");
                user.claim(2);
                user.bury("a", "b");
                user.pruneDeadLetters();
                user.enqueue("d");
            }),
            scenario("retention forgets", user -> {
                user.retainDone(2);
                user.reopen();
                user.enqueue(ids("a", 6));
                user.claim(6);
                user.deliver(ids("a", 6));
                user.forceSoon();
                user.tidyUp();
                user.enqueue("b");
            }),
            scenario("finished segments dropped", user -> {
                finish(user, "a", 30);
                user.pruneDone();
                user.forceSoon();
                user.tidyUp();
                user.enqueue("b");
            }),
            scenario("mostly finished segments moved", user -> {
                finishAllBut(user, "a", 30, 7);
                user.tidyUp();
                user.enqueue("b");
            }),
            scenario("moved twice, with changes in between", user -> {
                finishAllBut(user, "a", 24, 5);
                user.tidyUp();
                finishAllBut(user, "b", 24, 5);
                user.tidyUp();
            }),
            scenario("moved, closed and opened", user -> {
                finishAllBut(user, "a", 24, 5);
                user.tidyUp();
                user.reopen();
                user.claim(2);
                user.forceSoon();
            }),
            scenario("three lives with changes in each", user -> {
                user.enqueue(ids("a", 3));
                user.claim(3);
                user.deliver("a0");
                user.reopen();
                user.requeue("a1", "a2");
                user.claim(2);
                user.bury("a1");
                user.reopen();
                user.replay("a1");
                user.enqueue("b");
            }));

    private FaultScenarios() {}

    private static Scenario scenario(String name, Consumer<OutboxUser> work) {
        return new Scenario(name, user -> {
            user.open();
            work.accept(user);
            user.close();
        });
    }

    private static String[] ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    private static void each(String[] ids, Consumer<String> action) {
        for (String id : ids) {
            action.accept(id);
        }
    }

    private static void finish(OutboxUser user, String prefix, int count) {
        user.enqueue(ids(prefix, count));
        user.claim(count);
        user.deliver(ids(prefix, count));
    }

    /** Delivers all but every n-th, which is given back. */
    private static void finishAllBut(OutboxUser user, String prefix, int count, int every) {
        user.enqueue(ids(prefix, count));
        for (String id : user.claim(Integer.MAX_VALUE)) {
            boolean stays = !id.startsWith(prefix) || Integer.parseInt(id.substring(prefix.length())) % every == 0;
            if (stays) {
                user.release(id);
            } else {
                user.deliver(id);
            }
        }
        user.pruneDone();
        user.forceSoon();
    }
}
