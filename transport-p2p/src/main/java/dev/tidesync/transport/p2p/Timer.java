package dev.tidesync.transport.p2p;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Something that will happen later unless it is stopped. */
interface Timer {
    /** Nothing that will happen. */
    Timer NONE = () -> {};

    void stop();

    /** Runs the task on the loop after this time. */
    static Timer after(EventLoop loop, Duration delay, Runnable task) {
        Future<?> scheduled = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Runs the task on the loop again and again. */
    static Timer every(EventLoop loop, Duration period, Runnable task) {
        long nanos = period.toNanos();
        Future<?> scheduled = loop.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
