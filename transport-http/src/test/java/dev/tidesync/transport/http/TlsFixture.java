package dev.tidesync.transport.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.CertificatePinner;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A certificate authority, and a server certificate that it signed. */
record TlsFixture(HeldCertificate authority, HeldCertificate certificate) {
    /** A certificate for the loopback address. */
    static TlsFixture trusted() {
        return forHost("127.0.0.1");
    }

    static TlsFixture forHost(String host) {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName(host)
                .signedBy(authority)
                .build();
        return new TlsFixture(authority, certificate);
    }

    /** Lets the fixture's server speak TLS with this certificate, and its transport trust this authority. */
    void serve(HttpFixture http) throws Exception {
        serveUntrusted(http);
        http.with("trust-store.path", authorityFile().toString());
    }

    /** Lets the fixture's server speak TLS with this certificate. */
    void serveUntrusted(HttpFixture http) throws Exception {
        http.server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
        http.with("base-url", "https://127.0.0.1:" + http.server.getPort() + "/");
    }

    Path authorityFile() throws IOException {
        Path file = Files.createTempFile("authority", ".pem");
        file.toFile().deleteOnExit();
        return Files.writeString(file, authority.certificatePem());
    }

    String pin() {
        return CertificatePinner.pin(certificate.certificate());
    }
}
