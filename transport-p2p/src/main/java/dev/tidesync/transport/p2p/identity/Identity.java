package dev.tidesync.transport.p2p.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;

/** A node's private key and the certificate that shows the public one. */
public record Identity(PrivateKey privateKey, X509Certificate certificate) {
    /** A new one, with a P-256 key: every JDK and every TLS library has that curve. */
    public static Identity create() {
        try {
            KeyPair key = freshKey();
            return new Identity(key.getPrivate(), SelfSignedCertificate.of(key));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    static KeyPair freshKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The id of the key. */
    public NodeId id() {
        return NodeId.of(certificate);
    }

    /** Names the id alone, never the key. */
    @Override
    public String toString() {
        return "Identity{" + id() + "}";
    }
}
