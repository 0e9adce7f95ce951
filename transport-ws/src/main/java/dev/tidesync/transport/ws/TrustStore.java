package dev.tidesync.transport.ws;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Loads the certificate authorities to trust from a PEM file or a key store. */
final class TrustStore {
    private static final String PEM_MARK = "-----BEGIN CERTIFICATE-----";

    private TrustStore() {}

    /**
     * A trust manager that believes the certificates in the file and no others.
     *
     * @param password of a key store; not used for a PEM file
     * @throws IllegalArgumentException if the file cannot be read or holds no certificate; never shows the password
     */
    static X509TrustManager load(String path, char[] password) {
        try {
            Path file = Path.of(path);
            KeyStore store = isPem(file) ? fromPem(file) : KeyStore.getInstance(new File(path), password);
            if (store.size() == 0) {
                throw new IllegalArgumentException("'" + path + "' holds no certificate; add the authority to trust");
            }
            return trustManager(store);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "cannot read '" + path + "' (" + unusable + "); expected a PEM file or a PKCS12 or JKS key store",
                    unusable);
        }
    }

    private static boolean isPem(Path file) throws IOException {
        String start = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return start.contains(PEM_MARK);
    }

    private static KeyStore fromPem(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + ++number, authority);
            }
        }
        return store;
    }

    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the JDK gives X.509 trust managers"));
    }
}
