package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges an attempt that got no answer. A request of which no byte was sent was not applied; of any other, nobody can
 * tell.
 */
final class FailureClassifier {
    private static final Logger LOG = LoggerFactory.getLogger(FailureClassifier.class);

    private final Duration blockedProbe;

    FailureClassifier(Duration blockedProbe) {
        this.blockedProbe = blockedProbe;
    }

    SendResult classify(IOException failure, PreparedRequest request, boolean requestBegun) {
        if (failure instanceof SSLPeerUnverifiedException || failure.getCause() instanceof CertificateException) {
            return distrusted(failure, request);
        }
        // With TLS 1.3 a server may refuse the handshake after the request has gone out; it has not read it then.
        boolean unread = !requestBegun || failure instanceof SSLHandshakeException;
        return unread ? unreachable(failure, request) : unanswered(failure, request);
    }

    /** An attempt that this side gave up, since its time was over or the transport was closed. */
    static SendResult cancelled(PreparedRequest request, boolean requestBegun) {
        Verdict verdict = requestBegun ? Verdict.UNAVAILABLE_AMBIGUOUS : Verdict.UNAVAILABLE;
        return verdict.result("io.cancelled", request + " was cancelled on this side before it was answered");
    }

    /**
     * A portal, an attacker, a wrong clock or a mistake in the settings: a person must look, the operation may wait.
     */
    private SendResult distrusted(IOException failure, PreparedRequest request) {
        SendResult result = failed(Verdict.BLOCKED, distrustCode(failure), request, failure);
        LOG.warn("not trusted: {}", result.error());
        return result.withRetryAfter(blockedProbe);
    }

    private static String distrustCode(IOException failure) {
        if (!(failure instanceof SSLPeerUnverifiedException)) {
            return "tls.untrusted";
        }
        return String.valueOf(failure.getMessage()).startsWith("Certificate pinning failure") ? "tls.pin" : "tls.host";
    }

    private static SendResult unreachable(IOException failure, PreparedRequest request) {
        if (failure instanceof SSLException) {
            return failed(Verdict.UNAVAILABLE, "tls.handshake", request, failure);
        }
        String code = failure instanceof UnknownHostException ? "io.dns" : "io.connect";
        return failed(Verdict.UNAVAILABLE, code, request, failure);
    }

    private static SendResult unanswered(IOException failure, PreparedRequest request) {
        if (wasRefusedUnread(failure)) {
            return failed(Verdict.RETRY, "io.refused", request, failure);
        }
        if (failure instanceof InterruptedIOException) {
            return failed(Verdict.RETRY_AMBIGUOUS, "io.timeout", request, failure);
        }
        String code = failure instanceof ProtocolException ? "io.protocol" : "io.reset";
        return failed(Verdict.RETRY_AMBIGUOUS, code, request, failure);
    }

    /** HTTP/2 says in two ways that a request was not looked at (RFC 9113 §8.7); OkHttp does not export their types. */
    private static boolean wasRefusedUnread(IOException failure) {
        return failure.getClass().getSimpleName().equals("ConnectionShutdownException")
                || String.valueOf(failure.getMessage()).equals("stream was reset: REFUSED_STREAM");
    }

    private static SendResult failed(Verdict verdict, String code, PreparedRequest request, IOException failure) {
        String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return verdict.result(code, SafeText.of(request + " failed: " + reason, request));
    }
}
