package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Plugins that each break one rule. All but the first are named in this module's services file for tests. */
final class BadProviders {
    private BadProviders() {}

    /** No services file names it. */
    public static final class Unregistered extends SoundProvider {}

    /** Its constructor cannot be reached. */
    public static final class Unconstructible extends SoundProvider {
        Unconstructible() {}
    }

    /** Describes itself differently each time. */
    public static final class Fickle extends SoundProvider {
        private static final AtomicInteger ASKED = new AtomicInteger();

        @Override
        public TransportDescriptor descriptor() {
            return TransportDescriptor.builder("fickle", SyncSpi.LEVEL)
                    .version("1." + ASKED.incrementAndGet())
                    .build();
        }
    }

    /** Is built for an SPI that does not exist yet. */
    public static final class OfTheFuture extends SoundProvider {
        @Override
        public TransportDescriptor descriptor() {
            return TransportDescriptor.builder("future", SyncSpi.LEVEL + 1).build();
        }
    }

    /** Lets its token be shown. */
    public static final class OpenSecret extends SoundProvider {
        @Override
        public TransportDescriptor descriptor() {
            return TransportDescriptor.builder("open", SyncSpi.LEVEL)
                    .configSpec(ConfigSpec.builder()
                            .key(ConfigKey.of("bearer-token", ConfigType.TEXT, "Who we are."))
                            .build())
                    .build();
        }
    }

    /** Hands out the same transport again and again. */
    public static final class Singleton extends SoundProvider {
        private final ISyncTransport only = new SoundTransport(taken);

        @Override
        public ISyncTransport create(TransportContext context) {
            return only;
        }
    }

    /** Reads every payload as text. */
    public static final class TextOnly extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult take(Operation operation) {
                    byte[] text = operation.payloadText().getBytes(StandardCharsets.UTF_8);
                    return super.take(operation.toBuilder().payload(text).build());
                }
            };
        }
    }

    /** Makes up a new key for every attempt. */
    public static final class KeyMaker extends SoundProvider {
        private final AtomicInteger attempts = new AtomicInteger();

        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult take(Operation operation) {
                    return super.take(operation.toBuilder()
                            .idempotencyKey("attempt-" + attempts.incrementAndGet())
                            .build());
                }
            };
        }
    }

    /** Says that it delivered what it dropped, now and then. */
    public static final class Lossy extends SoundProvider {
        private final AtomicInteger sends = new AtomicInteger();

        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult take(Operation operation) {
                    return sends.incrementAndGet() % 10 == 0 ? SendResult.delivered() : super.take(operation);
                }
            };
        }
    }

    /** Gives up on a destination that is merely away. */
    public static final class Pessimist extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult answer(Operation operation) {
                    return operation.target().equals("/unreachable")
                            ? SendResult.permanent("away")
                            : super.answer(operation);
                }
            };
        }
    }

    /** Hopes that a malformed target mends itself. */
    public static final class Optimist extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult answer(Operation operation) {
                    return operation.target().equals("/malformed")
                            ? SendResult.retryable("perhaps next time")
                            : super.answer(operation);
                }
            };
        }
    }

    /** Hopes that one who turned an operation down for good thinks better of it. */
    public static final class Stubborn extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult answer(Operation operation) {
                    return operation.target().equals("/refused")
                            ? SendResult.retryable("perhaps next time")
                            : super.answer(operation);
                }
            };
        }
    }

    /** Delivers no more after its first failure. */
    public static final class Sulking extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                private volatile boolean failed;

                @Override
                SendResult answer(Operation operation) {
                    SendResult result = failed ? SendResult.retryable("no more") : super.answer(operation);
                    failed |= !result.ok();
                    return result;
                }
            };
        }
    }

    /** Drops what it is to send blocking. */
    public static final class AsynchronousOnly extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public SendResult send(Operation operation) throws Exception {
                    SendResult result = super.send(operation);
                    if (result.ok()) {
                        taken.clear();
                    }
                    return result;
                }
            };
        }
    }

    /** Tries the other side out with a delivery of its own when it is made. */
    public static final class Eager extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            Received attempt = Received.of(new byte[0], "to try it out");
            taken.add(attempt);
            return new SoundTransport(taken) {
                @Override
                SendResult take(Operation operation) {
                    taken.remove(attempt);
                    return super.take(operation);
                }

                @Override
                public void close() {
                    taken.remove(attempt);
                    super.close();
                }
            };
        }
    }

    /** Puts the payload into its errors. */
    public static final class Talkative extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult answer(Operation operation) {
                    return operation.target().equals("/unreachable")
                            ? SendResult.retryable("could not send " + operation.payloadText())
                            : super.answer(operation);
                }
            };
        }
    }

    /** Does not hear that a send is cancelled. */
    public static final class Deaf extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public CompletionStage<SendResult> sendAsync(Operation operation, SendContext ignored) {
                    return super.sendAsync(operation, new ContractSendContext(ignored.timeLeft()));
                }
            };
        }
    }

    /** Waits for an answer whatever happens. */
    public static final class Uninterruptible extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public SendResult send(Operation operation) {
                    CompletableFuture<SendResult> result = begin(operation);
                    return result.join();
                }
            };
        }
    }

    /** Waits a little for the answer before it says that it will come later. */
    public static final class SlowToCall extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                    CompletionStage<SendResult> result = super.sendAsync(operation, context);
                    if (operation.id().equals("again")) {
                        letPass(1_100);
                    }
                    return result;
                }
            };
        }
    }

    /** Says goodbye at length when a send is cancelled. */
    public static final class SlowToAbort extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                    if (operation.target().equals("/unanswered")
                            && !operation.id().equals("again")) {
                        context.onCancel(() -> letPass(1_100));
                    }
                    return super.sendAsync(operation, context);
                }
            };
        }
    }

    /** Waits for answers before it closes. */
    public static final class SlowToClose extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                private volatile boolean hangs;

                @Override
                public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                    hangs |= operation.target().equals("/unanswered");
                    return super.sendAsync(operation, context);
                }

                @Override
                public void close() {
                    if (hangs) {
                        hangs = false;
                        letPass(1_100);
                    }
                    super.close();
                }
            };
        }
    }

    private static void letPass(long millis) {
        CompletableFuture<Void> never = new CompletableFuture<>();
        assertThatThrownBy(() -> never.get(millis, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    /** Goes on after it was closed. */
    public static final class Undead extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                public void close() {
                    endHanging();
                }
            };
        }
    }

    /** Leaves running sends to themselves when it is closed. */
    public static final class Abandoning extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                void endHanging() {
                    // what hangs goes on hanging
                }
            };
        }
    }

    /** Cannot be closed twice. */
    public static final class ClosedOnce extends SoundProvider {
        @Override
        public ISyncTransport create(TransportContext context) {
            AtomicInteger closings = new AtomicInteger();
            return new SoundTransport(taken) {
                @Override
                public void close() {
                    super.close();
                    if (closings.incrementAndGet() == 2) {
                        throw new IllegalStateException("already closed");
                    }
                }
            };
        }
    }

    /** Leaves a thread that keeps the process alive until the test lets it go. */
    public static final class ThreadLeaking extends SoundProvider {
        static final CountDownLatch LET_GO = new CountDownLatch(1);

        @Override
        public ISyncTransport create(TransportContext context) {
            return new SoundTransport(taken) {
                @Override
                SendResult take(Operation operation) {
                    new Thread(ThreadLeaking::waitToBeLetGo, "leaked").start();
                    return super.take(operation);
                }
            };
        }

        private static void waitToBeLetGo() {
            try {
                LET_GO.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
