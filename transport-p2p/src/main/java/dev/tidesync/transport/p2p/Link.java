package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.BadFrameException;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.FrameCodec;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection to another node, from its first byte to its last: TLS, then a hello in each direction, then whatever
 * the two have to say. Until the other side has proved its key and is allowed here, nothing that it sends is read.
 * Confined to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends the connection, and that tells
final class Link extends ChannelInboundHandlerAdapter {
    /** What becomes of a connection matters to whoever made or took it. */
    interface Owner {
        /** Whether this node may be spoken to; an empty answer means yes. */
        Optional<LinkEnd> objectionTo(Link link, NodeId peer);

        /** Both sides have said hello. */
        void ready(Link link);

        /** The other side acknowledges an operation, or refuses it. */
        void acknowledged(Link link, Frame.Ack ack);

        /** The connection takes more bytes again. */
        void writable(Link link);

        /** It is over; called once, and after it nothing else. */
        void ended(Link link, LinkEnd end);
    }

    private static final int VERSION = 1;
    private static final int LENGTH_BYTES = 4;

    private final Node node;
    private final Owner owner;
    private final boolean dialled;
    private final SslHandler tls;
    private final Reception reception;
    private Timer handshakeTimer = Timer.NONE;
    private Timer heartbeat = Timer.NONE;
    private @Nullable Channel channel;
    private @Nullable NodeId peer;
    private Frame.@Nullable Hello hello;
    private boolean ended;
    private long lastHeardAt;

    /** A connection whose TLS has not begun; {@code dialled} says which side made it. */
    Link(Node node, Owner owner, SslHandler tls, boolean dialled) {
        this.node = node;
        this.owner = owner;
        this.tls = tls;
        this.dialled = dialled;
        this.reception = new Reception(this, node);
        tls.setHandshakeTimeoutMillis(0); // the link's own timer covers the hello too
    }

    /** The first handler of the connection; this is the last. */
    SslHandler tls() {
        return tls;
    }

    /** Whether this side made the connection. */
    boolean dialled() {
        return dialled;
    }

    /** Who is at the other end; only once TLS has passed. */
    NodeId peer() {
        if (peer == null) {
            throw new AssertionError("nobody has proved a key yet");
        }
        return peer;
    }

    boolean isReady() {
        return hello != null && !ended;
    }

    /** How many operations the other side takes before it has acknowledged the first. */
    int windowOperations() {
        int own = node.config().sizes().windowOperations();
        return hello == null ? 0 : Math.min(own, hello.windowOperations());
    }

    long windowBytes() {
        long own = node.config().sizes().windowBytes();
        return hello == null ? 0 : Math.min(own, hello.windowBytes());
    }

    /** The longest frame that both sides take. */
    int frameBytes() {
        int own = node.config().sizes().frameBytes();
        return hello == null ? 0 : Math.min(own, hello.maxFrameBytes());
    }

    EventLoop loop() {
        return node.loop();
    }

    /** Where the other end is, as far as this side sees it. */
    InetSocketAddress remoteAddress() {
        return channel != null && channel.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved("nowhere", 0);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        handshakeTimer = Timer.after(loop(), node.config().times().handshake(), this::handshakeTimedOut);
    }

    private void handshakeTimedOut() {
        end(LinkEnd.passing("p2p.handshake-timeout", "the handshake with " + remoteAddress() + " took too long"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !ended) {
            if (handshake.isSuccess()) {
                secured(context);
            } else {
                end(LinkFailures.of(handshake.cause(), this));
            }
        }
    }

    private void secured(ChannelHandlerContext context) {
        Optional<NodeId> proved = Tls.peerOf(tls);
        if (proved.isEmpty() || !Tls.PROTOCOL.equals(tls.applicationProtocol())) {
            end(LinkEnd.blocked("tls.protocol", remoteAddress() + " speaks TLS, but not " + Tls.PROTOCOL));
            return;
        }
        peer = proved.get();
        Optional<LinkEnd> objection = owner.objectionTo(this, proved.get());
        if (objection.isPresent()) {
            sayGoodbye(Goodbyes.UNTRUSTED, "this node does not know " + proved.get() + "; accept it there by this id");
            end(objection.get());
            return;
        }
        int limit = node.config().sizes().frameBytes();
        context.pipeline()
                .addBefore(context.name(), "flushes", new FlushConsolidationHandler(256, true))
                .addBefore(
                        context.name(),
                        "frames",
                        new LengthFieldBasedFrameDecoder(limit, 0, LENGTH_BYTES, 0, LENGTH_BYTES));
        send(node.hello());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!ended && peer != null) {
                lastHeardAt = node.nanoTime();
                act(FrameCodec.decode(bytes.nioBuffer()), bytes.readableBytes());
            }
        } catch (BadFrameException bad) {
            sayGoodbye(Goodbyes.PROTOCOL, String.valueOf(bad.getMessage()));
            end(LinkEnd.passing("p2p.protocol", "the peer sent a bad frame: " + bad.getMessage()));
        } finally {
            bytes.release();
        }
    }

    private void act(Frame frame, int sizeBytes) throws BadFrameException {
        if (frame instanceof Frame.Bye bye) {
            end(LinkFailures.of(bye, this));
        } else if (frame instanceof Frame.Hello greeting) {
            greeted(greeting);
        } else if (hello == null) {
            throw new BadFrameException("expected hello first");
        } else if (frame instanceof Frame.Op op) {
            reception.received(op, sizeBytes);
        } else if (frame instanceof Frame.Ack ack) {
            owner.acknowledged(this, ack);
        } else if (frame instanceof Frame.Ping) {
            send(new Frame.Pong());
        }
    }

    private void greeted(Frame.Hello greeting) throws BadFrameException {
        if (hello != null) {
            throw new BadFrameException("a second hello");
        }
        if (greeting.version() != VERSION) {
            String text = "this node speaks version " + VERSION + ", the other " + greeting.version();
            sayGoodbye(Goodbyes.VERSION, text);
            end(LinkEnd.blocked("p2p.version", text));
            return;
        }
        hello = greeting;
        handshakeTimer.stop();
        heartbeat = Timer.every(loop(), node.config().times().heartbeat(), this::beat);
        node.metrics().add("connections-opened", 1);
        owner.ready(this);
    }

    /** Asks for a word when none has come, and gives up when none comes; not while this side does not listen. */
    private void beat() {
        if (reception.isPaused()) {
            lastHeardAt = node.nanoTime();
            return;
        }
        long silentNanos = node.nanoTime() - lastHeardAt;
        if (silentNanos >= node.config().times().silence().toNanos()) {
            sayGoodbye(Goodbyes.SILENT, "no word came for too long");
            end(LinkEnd.passing(
                    "p2p.silent",
                    "the peer has said nothing for "
                            + node.config().times().silence().toSeconds() + " s"));
        } else if (silentNanos >= node.config().times().heartbeat().toNanos() / 2 && isWritable()) {
            send(new Frame.Ping());
        }
    }

    /** Whether the connection takes more without piling it up in memory. */
    boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    /** Sends a frame; what cannot be sent any more is dropped, since the end of the connection tells. */
    void send(Frame frame) {
        sendEncoded(FrameCodec.encode(frame));
    }

    void sendEncoded(byte[] frame) {
        if (channel != null && !ended) {
            ByteBuf length = channel.alloc().buffer(LENGTH_BYTES).writeInt(frame.length);
            channel.write(length, channel.voidPromise());
            channel.writeAndFlush(Unpooled.wrappedBuffer(frame), channel.voidPromise());
        }
    }

    /** Reads on, or lets the other side wait. */
    void listen(boolean on) {
        if (channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    /** Tells the other side why this one closes next. */
    void sayGoodbye(String reason, String message) {
        if (peer != null) {
            send(new Frame.Bye(reason, message));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (isReady() && isWritable()) {
            owner.writable(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (LinkFailures.isTooLong(failure)) {
            sayGoodbye(
                    Goodbyes.TOO_LARGE,
                    "this node takes frames of at most " + node.config().sizes().frameBytes() + " bytes");
        }
        end(LinkFailures.of(failure, this));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(LinkEnd.passing("p2p.connection-lost", "the connection to " + remoteAddress() + " ended"));
    }

    /** Closes the connection, after what was said last; does nothing if it is over already. */
    void end(LinkEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        handshakeTimer.stop();
        heartbeat.stop();
        if (channel != null) {
            close(channel);
        }
        owner.ended(this, end);
    }

    private void close(Channel closing) {
        if (peer == null) {
            closing.close(); // nothing was said yet that should arrive
            return;
        }
        closing.config().setAutoRead(true); // notices that the other side closes too
        closing.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        Timer.after(loop(), Node.GOODBYE, closing::close);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        handshakeTimer.stop();
        heartbeat.stop();
    }
}
