package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.wire.BadFrameException;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.FrameCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client on the JDK's own sockets that says what a node never would. */
final class StrangeClient implements AutoCloseable {
    private static final char[] NO_PASSWORD = {};

    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Connects, with the identity if there is one, and in this version of TLS. */
    StrangeClient(int port, Optional<Identity> identity, String version, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys(identity), new TrustManager[] {PinnedTrust.whoeverProvesItsKey(InstantSource.system())}, null);
        socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {version});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    StrangeClient(int port, Identity identity) throws Exception {
        this(port, Optional.of(identity), "TLSv1.3", Tls.PROTOCOL);
    }

    private static javax.net.ssl.KeyManager[] keys(Optional<Identity> identity)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        if (identity.isPresent()) {
            store.setKeyEntry("key", identity.get().privateKey(), NO_PASSWORD, new X509Certificate[] {
                identity.get().certificate()
            });
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    Socket socket() {
        return socket;
    }

    void handshake() throws IOException {
        socket.startHandshake();
    }

    /** In TLS 1.3 a client learns only afterwards that its certificate was refused. */
    Frame handshakeAndHear() throws IOException, BadFrameException {
        handshake();
        return hear();
    }

    StrangeClient say(Frame frame) throws IOException {
        return sayBytes(FrameCodec.encode(frame));
    }

    StrangeClient sayBytes(byte... frame) throws IOException {
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
        return this;
    }

    void sayLength(int length) throws IOException {
        out.writeInt(length);
        out.flush();
    }

    /** The next frame of the other side. */
    Frame hear() throws IOException, BadFrameException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return FrameCodec.decode(ByteBuffer.wrap(frame));
    }

    /** The goodbye of the other side; what it says before is passed over. */
    Frame.Bye hearGoodbye() throws IOException, BadFrameException {
        while (true) {
            if (hear() instanceof Frame.Bye bye) {
                return bye;
            }
        }
    }

    static Frame.Hello hello() {
        return new Frame.Hello(1, "a".repeat(43), "strange", "test", 1 << 20, 64, 1 << 20);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
