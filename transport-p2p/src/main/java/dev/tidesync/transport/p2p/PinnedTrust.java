package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.NodeId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a key, not an authority. It must be an {@link X509ExtendedTrustManager}: the JDK wraps any other in checks of
 * the host name.
 *
 * <p>Whoever dials knows whom it expects, and takes nobody else. Whoever is dialled lets every key prove itself here
 * and asks the peer book after the handshake, for two reasons: a resumed session never comes by here, and a stranger
 * must have proved its id before that is shown to a person. Safe for use by many threads.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] NO_AUTHORITIES = {};

    private final Optional<NodeId> expected;
    private final InstantSource clock;

    private PinnedTrust(Optional<NodeId> expected, InstantSource clock) {
        this.expected = expected;
        this.clock = clock;
    }

    /** Takes the holder of one key. */
    static PinnedTrust only(NodeId expected, InstantSource clock) {
        return new PinnedTrust(Optional.of(expected), clock);
    }

    /** Takes whoever holds the key of a valid certificate; who that is must be asked after the handshake. */
    static PinnedTrust whoeverProvesItsKey(InstantSource clock) {
        return new PinnedTrust(Optional.empty(), clock);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("no certificate was shown");
        }
        NodeId shown = NodeId.of(chain[0]);
        if (expected.isPresent() && !expected.get().equals(shown)) {
            throw new CertificateException("expected the key of " + expected.get() + " but was that of " + shown);
        }
        chain[0].checkValidity(Date.from(clock.instant()));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_AUTHORITIES;
    }
}
