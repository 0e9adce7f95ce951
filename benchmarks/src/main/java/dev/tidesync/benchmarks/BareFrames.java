package dev.tidesync.benchmarks;

import dev.tidesync.transport.p2p.identity.Identity;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Frames with a length before them, each answered by a short one: what the wire gives with nothing around it. */
@SuppressWarnings("FutureReturnValueIgnored") // without an answer there is no figure
final class BareFrames implements AutoCloseable {
    /** What a message with a payload of this benchmark's size takes as a frame. */
    private static final int FRAME_BYTES = Bench.PAYLOAD_BYTES + 250;

    private static final int ANSWER_BYTES = 20;
    private static final int MAX_FRAME_BYTES = 1 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final int inFlight;
    private final Channel channel;
    // confined to the channel's loop
    private int unsent;
    private CountDownLatch answers = new CountDownLatch(0);

    BareFrames(int inFlight, boolean encrypted) throws Exception {
        this.inFlight = inFlight;
        Identity identity = Identity.create();
        Optional<SslContext> server = encrypted ? Optional.of(server(identity)) : Optional.empty();
        Optional<SslContext> client = encrypted ? Optional.of(client()) : Optional.empty();
        Channel port = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(pipeline(server, ANSWER_BYTES, () -> true))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(pipeline(client, FRAME_BYTES, this::answered))
                .connect(port.localAddress())
                .sync()
                .channel();
    }

    private static SslContext server(Identity identity) throws Exception {
        return SslContextBuilder.forServer(identity.privateKey(), identity.certificate())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
    }

    private static SslContext client() throws Exception {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
    }

    /** Whether to answer a frame with another. */
    private interface Answering {
        boolean more();
    }

    private static ChannelInitializer<Channel> pipeline(
            Optional<SslContext> tls, int answerBytes, Answering answering) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel fresh) {
                tls.ifPresent(context -> fresh.pipeline().addLast(context.newHandler(fresh.alloc())));
                fresh.pipeline()
                        .addLast(
                                new FlushConsolidationHandler(256, true),
                                new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                                new LengthFieldPrepender(4),
                                new SimpleChannelInboundHandler<ByteBuf>() {
                                    @Override
                                    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
                                        if (answering.more()) {
                                            context.writeAndFlush(Unpooled.wrappedBuffer(new byte[answerBytes]));
                                        }
                                    }
                                });
            }
        };
    }

    private boolean answered() {
        answers.countDown();
        return unsent-- > 0;
    }

    /** Sends so many frames, as many at a time as was said, and waits for their answers. */
    int exchange(int count) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(count);
        channel.eventLoop().execute(() -> {
            answers = done;
            unsent = count - inFlight;
            for (int i = 0; i < inFlight; i++) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[FRAME_BYTES]));
            }
        });
        done.await();
        return count;
    }

    @Override
    public void close() {
        group.shutdownGracefully().awaitUninterruptibly();
    }
}
