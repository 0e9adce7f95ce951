package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.peers.PeerAddress;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks up host names on threads of its own, since the JDK's look-up blocks and can hang for long. Safe for use by many
 * threads; answers come on the loop.
 */
final class Resolver implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private final EventLoop loop;
    private final ExecutorService threads;

    Resolver(EventLoop loop, String threadName) {
        this.loop = loop;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Gives every address of the host; none if it has none or cannot be looked up. */
    void resolve(PeerAddress address, Consumer<List<InetSocketAddress>> answer) {
        byte[] number = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (number != null) {
            List<InetSocketAddress> found = ofNumber(number, address.port());
            loop.execute(() -> answer.accept(found));
        } else {
            threads.execute(() -> {
                List<InetSocketAddress> found = lookUp(address);
                loop.execute(() -> answer.accept(found));
            });
        }
    }

    private static List<InetSocketAddress> ofNumber(byte[] number, int port) {
        try {
            return List.of(new InetSocketAddress(InetAddress.getByAddress(number), port));
        } catch (UnknownHostException ofThatLength) {
            throw new AssertionError(ofThatLength);
        }
    }

    private static List<InetSocketAddress> lookUp(PeerAddress address) {
        try {
            return Arrays.stream(InetAddress.getAllByName(address.host()))
                    .map(found -> new InetSocketAddress(found, address.port()))
                    .toList();
        } catch (UnknownHostException unknown) {
            return List.of(); // what the caller says of it is all there is to say
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
