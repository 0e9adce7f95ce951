package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS 1.3 of the JDK, with certificates on both sides and a protocol name of its own. Immutable. */
final class Tls {
    /** Negotiated by ALPN, so that nothing else that speaks TLS is taken for a node. */
    static final String PROTOCOL = "tidesync/1";

    private static final String TLS_1_3 = "TLSv1.3";

    private final Identity identity;
    private final InstantSource clock;
    private final SslContext server;

    Tls(Identity identity, InstantSource clock) {
        this.identity = identity;
        this.clock = clock;
        this.server = build(SslContextBuilder.forServer(identity.privateKey(), identity.certificate())
                .clientAuth(ClientAuth.REQUIRE)
                .trustManager(PinnedTrust.whoeverProvesItsKey(clock))
                .applicationProtocolConfig(protocol(SelectorFailureBehavior.FATAL_ALERT)));
    }

    /** For connections that others make. */
    SslContext server() {
        return server;
    }

    /** For connections to this peer and nobody else. */
    SslContext client(NodeId expected) {
        return build(SslContextBuilder.forClient()
                .keyManager(identity.privateKey(), identity.certificate())
                .trustManager(PinnedTrust.only(expected, clock))
                .endpointIdentificationAlgorithm(null) // the key is the name
                .applicationProtocolConfig(protocol(SelectorFailureBehavior.NO_ADVERTISE)));
    }

    private static ApplicationProtocolConfig protocol(SelectorFailureBehavior selector) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN,
                selector,
                selector == SelectorFailureBehavior.FATAL_ALERT
                        ? SelectedListenerFailureBehavior.FATAL_ALERT
                        : SelectedListenerFailureBehavior.ACCEPT,
                PROTOCOL);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK).protocols(TLS_1_3).build();
        } catch (SSLException everyJdkHasIt) {
            throw new AssertionError("the JDK refuses TLS 1.3 with a P-256 key", everyJdkHasIt);
        }
    }

    /** Whose key the other side has proved, in this handshake or in the one that it resumes; empty if none. */
    static Optional<NodeId> peerOf(SslHandler handler) {
        try {
            return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(NodeId.of(certificate))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException noneShown) {
            return Optional.empty();
        }
    }
}
