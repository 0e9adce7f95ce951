package dev.tidesync.cli.demo;

import dev.tidesync.cli.process.ChildProcess;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.control.RemoteOutboxAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The story of operations that are written while their receiver is down, of a delivering process that is killed
 * half-way, and of a receiver that sees each of them once. Confined to one thread.
 */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path directory;
    private final Supplier<OutboxAccess> outbox;
    private final PrintWriter out;
    private final ProgressBar progress;
    private final int count;
    private final Path receiverLog;

    /**
     * Sets the scene; nothing is started yet.
     *
     * @param directory an empty directory of the demo's own
     * @param outbox opens the outbox in its {@link #dataDirectory}
     * @param out where the story is told
     * @param interactive whether a progress bar may be drawn
     * @param count how many operations
     */
    public Demo(Path directory, Supplier<OutboxAccess> outbox, PrintWriter out, boolean interactive, int count) {
        this.directory = directory;
        this.outbox = outbox;
        this.out = out;
        this.progress = new ProgressBar(out, interactive, count);
        this.count = count;
        this.receiverLog = directory.resolve("receiver.log");
    }

    /** Where in a demo's directory its outbox lies. */
    public static Path dataDirectory(Path directory) {
        return directory.resolve("data");
    }

    /**
     * Plays it.
     *
     * @return whether every operation was delivered and had its effect once
     */
    public boolean play() throws IOException, InterruptedException {
        int port = freePort();
        List<String> ids = enqueueWhileDown("http://127.0.0.1:" + port + "/effects");
        try (ChildProcess delivery = deliver("delivery-1.txt")) {
            showThatNothingIsCharged(delivery);
            try (ChildProcess receiver = startReceiver(port)) {
                killHalfWay(delivery, receiver);
                deliverTheRest(receiver);
            }
        }
        return countUp(ids);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private List<String> enqueueWhileDown(String target) {
        say("1. Nobody listens at " + target + "; " + count + " operations for it are enqueued.");
        try (OutboxAccess access = outbox.get()) {
            List<String> ids = DemoOperations.enqueue(access, target, count);
            say("   " + ids.size() + " are on disk in " + dataDirectory(directory) + ".");
            return ids;
        }
    }

    private ChildProcess deliver(String outputName) throws IOException {
        return ChildProcess.start(
                directory.resolve(outputName),
                List.of(
                        "run",
                        "--until-empty",
                        "--for=" + PATIENCE.toSeconds() + "s",
                        "--data=" + dataDirectory(directory),
                        "--set=retry.base-delay=50ms",
                        "--set=retry.max-delay=500ms",
                        "--set=retry.max-attempts=50"));
    }

    private void showThatNothingIsCharged(ChildProcess delivery) throws IOException {
        say("2. Process " + delivery.pid() + " starts to deliver all the same, and reaches nobody.");
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        Optional<String> reason = Optional.empty();
        while (reason.isEmpty()) {
            restWhile(delivery, giveUpAt);
            reason = reasonForWaiting();
        }
        say("   " + reason.get());
    }

    private Optional<String> reasonForWaiting() throws IOException {
        Optional<RemoteOutboxAccess> access = RemoteOutboxAccess.connect(dataDirectory(directory));
        if (access.isEmpty()) {
            return Optional.empty();
        }
        try (RemoteOutboxAccess delivering = access.get()) {
            return DemoOperations.reasonForWaiting(delivering);
        }
    }

    private ChildProcess startReceiver(int port) throws IOException {
        ChildProcess receiver = ChildProcess.start(
                directory.resolve("receiver.txt"), List.of("demo-receiver", "--port=" + port, "--log=" + receiverLog));
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (!ReceiverLog.read(receiverLog).isListening()) {
            restWhile(receiver, giveUpAt);
        }
        say("3. The receiver is up as process " + receiver.pid()
                + "; it answers every tenth request with 503 or 500, or applies it and loses the reply.");
        return receiver;
    }

    private void killHalfWay(ChildProcess delivery, ChildProcess receiver) throws IOException, InterruptedException {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (showEffects() < count * 2 / 5) {
            restWhile(delivery, giveUpAt);
            restWhile(receiver, giveUpAt);
        }
        int exitCode = delivery.kill();
        progress.leave();
        say("4. kill -9 " + delivery.pid() + " (exit code " + exitCode + "), in the middle of the delivery.");
    }

    private void deliverTheRest(ChildProcess receiver) throws IOException, InterruptedException {
        try (ChildProcess delivery = deliver("delivery-2.txt")) {
            say("5. Process " + delivery.pid() + " takes over.");
            long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
            while (delivery.isAlive()) {
                showEffects();
                restWhile(receiver, giveUpAt);
            }
            showEffects();
            progress.leave();
            say("   it ended with exit code " + delivery.exitCode() + ".");
        }
    }

    private int showEffects() throws IOException {
        int effects = ReceiverLog.read(receiverLog).effects();
        progress.show(effects);
        return effects;
    }

    private boolean countUp(List<String> ids) throws IOException {
        ReceiverLog received = ReceiverLog.read(receiverLog);
        List<String> lost = received.missing(ids);
        long delivered;
        try (OutboxAccess access = outbox.get()) {
            delivered = DemoOperations.delivered(access);
        }
        say("   The receiver let " + received.count(ReceiverLog.FAILURE) + " requests down, and recognised "
                + received.count(ReceiverLog.REPEAT) + " repetitions by their idempotency key.");
        lost.stream().limit(10).forEach(id -> say("   lost: " + id));
        say(ids.size() + " enqueued, " + delivered + " delivered, " + received.effects() + " effects, " + lost.size()
                + " lost, " + received.duplicates() + " duplicated");
        return ids.size() == count
                && delivered == count
                && received.effects() == count
                && lost.isEmpty()
                && received.duplicates() == 0;
    }

    private void restWhile(ChildProcess needed, long giveUpAt) {
        if (!needed.isAlive()) {
            throw new IllegalStateException("a process of the demo ended too early; see the files in " + directory);
        }
        if (System.nanoTime() - giveUpAt > 0) {
            throw new IllegalStateException(
                    "the demo did not get on within " + PATIENCE.toSeconds() + " s; see the files in " + directory);
        }
        LockSupport.parkNanos(POLL_NANOS);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
