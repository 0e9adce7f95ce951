package dev.tidesync.transport.ws;

import dev.tidesync.api.SendResult;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What each exception on the way to a connection means. */
final class ConnectFailures {
    private ConnectFailures() {}

    static SendResult outcome(Throwable failure, Target target, Outcomes outcomes) {
        String where = target.shown();
        if (failure instanceof PinMismatchException) {
            return outcomes.blocked("tls.pin", String.valueOf(failure.getMessage()));
        }
        if (failure instanceof SSLException) {
            return isAboutTheCertificate(failure)
                    ? outcomes.blocked("tls.certificate", "the certificate of " + where + " is not trusted: " + failure)
                    : Outcomes.target("tls.handshake", "the TLS handshake with " + where + " failed: " + failure);
        }
        if (failure instanceof UnknownHostException) {
            return Outcomes.target("io.dns", "cannot resolve " + target.host());
        }
        if (failure instanceof SocketTimeoutException) {
            return Outcomes.target("io.connect-timeout", "connecting to " + where + " took too long");
        }
        if (failure instanceof IllegalStateException || failure instanceof IllegalArgumentException) {
            return outcomes.blocked("ws.credentials", "no credentials for " + where + ": " + failure.getMessage());
        }
        return Outcomes.target("io.connect", "cannot connect to " + where + ": " + failure);
    }

    private static boolean isAboutTheCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }
}
