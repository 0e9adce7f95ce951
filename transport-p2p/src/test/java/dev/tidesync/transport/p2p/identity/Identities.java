package dev.tidesync.transport.p2p.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;

/** Identities that only tests have. */
public final class Identities {
    private Identities() {}

    /** One whose certificate was valid until the year 2000. */
    public static Identity expired() throws GeneralSecurityException {
        KeyPair key = Identity.freshKey();
        return new Identity(key.getPrivate(), SelfSignedCertificate.of(key, "20000101000000Z"));
    }

    /** One with the key of the first and the certificate of the second: it cannot prove what it claims. */
    public static Identity mixed(Identity key, Identity certificate) {
        return new Identity(key.privateKey(), certificate.certificate());
    }
}
