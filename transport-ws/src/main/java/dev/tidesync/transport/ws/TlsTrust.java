package dev.tidesync.transport.ws;

import dev.tidesync.spi.CheckedSettings;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Whom this side believes to be the receiver: host names, certificate authorities, pinned keys. Immutable. */
record TlsTrust(SSLSocketFactory sockets, Map<String, List<String>> pins) {
    private static final Pattern PIN = Pattern.compile("sha256/[A-Za-z0-9+/]{43}=");

    static TlsTrust from(CheckedSettings settings) {
        String password = settings.text(WsSettings.TRUST_STORE_PASSWORD).orElse("");
        Optional<X509TrustManager> authorities =
                settings.parsed(WsSettings.TRUST_STORE, path -> TrustStore.load(path, password.toCharArray()));
        Map<String, List<String>> pins = new HashMap<>();
        for (String host : settings.group(WsSettings.PINS).keySet()) {
            String key = "pins." + host;
            settings.read(key, () -> checked(settings.list(key)))
                    .ifPresent(keys -> pins.put(host.toLowerCase(Locale.ROOT), keys));
        }
        return new TlsTrust(factory(authorities), Map.copyOf(pins));
    }

    private static List<String> checked(List<String> pins) {
        for (String pin : pins) {
            if (!PIN.matcher(pin).matches()) {
                throw new IllegalArgumentException(
                        "expected sha256/ and 44 characters of base64 but was '" + pin + "'");
            }
        }
        return pins;
    }

    private static SSLSocketFactory factory(Optional<X509TrustManager> authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, authorities.map(a -> new TrustManager[] {a}).orElse(null), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every JDK has TLS", impossible);
        }
    }

    /**
     * Puts TLS over a connected socket; when this returns, the certificate, its host name and its pin have been
     * checked.
     *
     * @throws javax.net.ssl.SSLException if one of them is wrong
     */
    SSLSocket secure(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) sockets.createSocket(connected, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        checkPin(socket, host);
        return socket;
    }

    /** Only the server's own key counts: the rest of what it presents is not necessarily on the verified path. */
    private void checkPin(SSLSocket socket, String host) throws SSLPeerUnverifiedException {
        List<String> allowed = pins.get(host);
        if (allowed == null) {
            return;
        }
        String shown = "sha256/"
                + sha256(socket.getSession()
                        .getPeerCertificates()[0]
                        .getPublicKey()
                        .getEncoded());
        if (!allowed.contains(shown)) {
            throw new PinMismatchException(
                    "the key of " + host + " is " + shown + ", which is not pinned; add it to pins." + host
                            + " if the server changed its key, and distrust the network if not");
        }
    }

    private static String sha256(byte[] key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
