package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** What each exception and each goodbye on a connection means. */
final class LinkFailures {
    private LinkFailures() {}

    static boolean isTooLong(Throwable failure) {
        return find(failure, TooLongFrameException.class) != null;
    }

    static LinkEnd of(Throwable failure, Link link) {
        String where = String.valueOf(link.remoteAddress());
        if (isTooLong(failure)) {
            return LinkEnd.passing("p2p.too-large", where + " sent a frame above max-frame-bytes");
        }
        if (find(failure, NotSslRecordException.class) != null) {
            return LinkEnd.blocked("tls.plain-text", where + " does not speak TLS");
        }
        CertificateException certificate = find(failure, CertificateException.class);
        if (certificate != null) {
            return LinkEnd.blocked("tls.pin", where + " showed a wrong certificate: " + certificate.getMessage());
        }
        SSLException tls = find(failure, SSLException.class);
        if (tls != null && find(failure, ClosedChannelException.class) == null && !isCut(tls)) {
            return LinkEnd.blocked(
                    "tls.handshake", "TLS with " + where + " failed: " + Words.of(String.valueOf(tls.getMessage())));
        }
        if (failure instanceof IOException) {
            return LinkEnd.passing("p2p.connection-lost", "the connection to " + where + " broke: " + failure);
        }
        return LinkEnd.passing("p2p.internal", "an error on the connection to " + where + ": " + failure);
    }

    /** The other side went away in the middle of the handshake, which says nothing about keys. */
    private static boolean isCut(SSLException tls) {
        String message = String.valueOf(tls.getMessage());
        return message.contains("closed")
                || message.contains("close_notify")
                || message.contains("handshake timed out");
    }

    private static <T extends Throwable> @org.jspecify.annotations.Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    static LinkEnd of(Frame.Bye bye, Link link) {
        String said = "the peer at " + link.remoteAddress() + " closed the connection: " + Words.of(bye.reason())
                + (bye.message().isEmpty() ? "" : ", " + Words.of(bye.message()));
        return switch (bye.reason()) {
            case Goodbyes.DUPLICATE -> LinkEnd.replaced();
            case Goodbyes.UNTRUSTED -> LinkEnd.blocked("p2p.untrusted", said);
            case Goodbyes.VERSION -> LinkEnd.blocked("p2p.version", said);
            default -> LinkEnd.passing("p2p.bye", said);
        };
    }
}
