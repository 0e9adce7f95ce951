package dev.tidesync.engine.wal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that segments' keys are derived from, and its id, which says nothing of it. Immutable.
 *
 * <p><b>Source:</b> HKDF with HMAC-SHA-256 as in RFC 5869, sections 2.2 and 2.3; one block is all that is needed.
 */
final class LogKey {
    static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final byte[] ID_LABEL = "tidesync log key id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEGMENT_LABEL = "tidesync log segment".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;
    private final long id;

    /** @throws IllegalArgumentException if it has not 32 bytes */
    LogKey(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("an encryption key must have 32 bytes, had " + secret.length
                    + "; make one with: openssl rand -base64 32");
        }
        this.secret = secret.clone();
        this.id = ByteBuffer.wrap(mac(secret, ID_LABEL)).getLong();
    }

    long id() {
        return id;
    }

    static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** The key of one segment alone: its salt is drawn anew for each. */
    SegmentKey of(SegmentHeader header) {
        byte[] salt = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(header.keySalt().getMostSignificantBits())
                .putLong(header.keySalt().getLeastSignificantBits())
                .array();
        byte[] info = ByteBuffer.allocate(SEGMENT_LABEL.length + 3 * Long.BYTES + 1)
                .put(SEGMENT_LABEL)
                .putLong(header.storeId().getMostSignificantBits())
                .putLong(header.storeId().getLeastSignificantBits())
                .putLong(header.number())
                .put((byte) 1)
                .array();
        return SegmentKey.known(new SecretKeySpec(mac(mac(salt, secret), info), "AES"));
    }

    private static byte[] mac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java has " + MAC, missing);
        }
    }

    /** The id alone. */
    @Override
    public String toString() {
        return "key " + text(id);
    }
}
