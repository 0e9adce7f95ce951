package dev.tidesync.transport.p2p.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * Writes the X.509 certificate that TLS needs around a P-256 key (RFC 5280 §4.1, in DER). The JDK has no public class
 * for it.
 *
 * <pre>
 * Certificate    = SEQUENCE { tbs, ecdsa-with-SHA256, BIT STRING signature }
 * TBSCertificate = SEQUENCE { [0] version 3, serial, ecdsa-with-SHA256, issuer, validity, subject, SubjectPublicKeyInfo }
 * </pre>
 */
final class SelfSignedCertificate {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 2;
    private static final int BIT_STRING = 3;
    private static final int OBJECT_ID = 6;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int UTC_TIME = 0x17;
    private static final int EXPLICIT_0 = 0xa0;

    private static final byte[] ECDSA_WITH_SHA256 =
            der(SEQUENCE, der(OBJECT_ID, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)));
    private static final byte[] COMMON_NAME = der(OBJECT_ID, bytes(0x55, 4, 3));
    /** From the epoch on, so that a machine that has lost the time can still be talked to. */
    private static final String NOT_BEFORE = "700101000000Z";
    /** RFC 5280 §4.1.2.5: no well-defined expiration date. */
    private static final String NEVER = "99991231235959Z";

    private static final int SERIAL_BITS = 63;

    private SelfSignedCertificate() {}

    /** A certificate that this key vouches for itself with, valid at any time. */
    static X509Certificate of(KeyPair key) throws GeneralSecurityException {
        return of(key, NEVER);
    }

    /** One that is valid until {@code notAfter}, as {@code 20310101000000Z}. */
    static X509Certificate of(KeyPair key, String notAfter) throws GeneralSecurityException {
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, ascii("tidesync node")))));
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
        byte[] toBeSigned = der(
                SEQUENCE,
                der(EXPLICIT_0, der(INTEGER, bytes(2))),
                der(INTEGER, serial.toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                der(SEQUENCE, der(UTC_TIME, ascii(NOT_BEFORE)), der(GENERALIZED_TIME, ascii(notAfter))),
                name,
                key.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(toBeSigned);
        byte[] whole = der(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, der(BIT_STRING, bytes(0), signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        writeLength(whole, content.size());
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    /** Below 128 in one byte, else the number of bytes with the high bit set, then the length. */
    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >>> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
