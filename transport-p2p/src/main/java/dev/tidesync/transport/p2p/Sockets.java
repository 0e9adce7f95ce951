package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.peers.PeerAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Netty's part: the loop's thread, the sockets that run on it, and the look-up of names beside it. */
final class Sockets {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final int BACKLOG = 256;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Resolver resolver;

    Sockets(String threadName) {
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), NioIoHandler.newFactory());
        this.loop = group.next();
        this.resolver = new Resolver(loop, threadName + "-names");
    }

    EventLoop loop() {
        return loop;
    }

    Resolver resolver() {
        return resolver;
    }

    /**
     * Opens a port and waits until it is open. Not from the loop.
     *
     * @param link makes the link for each connection that is taken
     * @throws IllegalStateException if it cannot be opened
     */
    Channel bind(PeerAddress at, Supplier<Link> link) {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(link))
                .bind(new InetSocketAddress(at.host(), at.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                    "cannot listen for peers at " + at + ": " + bound.cause().getMessage()
                            + "; set p2p.listen to a free address, or stop who has it",
                    bound.cause());
        }
        return bound.channel();
    }

    /** Connects; the answer comes on the loop, and if there is a connection the link is in charge of it. */
    void connect(InetSocketAddress address, Duration atMost, Link link, Consumer<ChannelFuture> answer) {
        ChannelFuture connecting = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) atMost.toMillis())
                .handler(initializer(() -> link))
                .connect(address);
        connecting.addListener(done -> answer.accept(connecting));
    }

    private static ChannelInitializer<Channel> initializer(Supplier<Link> links) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                Link link = links.get();
                channel.pipeline().addLast(link.tls(), link);
            }
        };
    }

    /** Ends the thread once what is in its queue is done, and waits for that a little. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the same future as the one that is waited for
    void close() {
        group.shutdownGracefully(0, LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        resolver.close();
        if (!loop.inEventLoop()) {
            group.terminationFuture().awaitUninterruptibly(LONGEST_CLOSE.toMillis());
        }
    }
}
