package dev.tidesync.transport.p2p.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The name that nobody else can bear: base64url of the SHA-256 of a node's public key (SubjectPublicKeyInfo), 43
 * characters. Two people who compare it have compared the keys.
 */
public record NodeId(String text) implements Comparable<NodeId> {
    private static final int BYTES = 32;
    private static final int GROUP = 6;

    /**
     * The id with this text.
     *
     * @throws IllegalArgumentException if the text is not base64url of 32 bytes
     */
    public NodeId {
        if (!isOne(text)) {
            throw new IllegalArgumentException(
                    "expected a node id, 43 characters of base64url, but was '" + text + "'");
        }
    }

    /** The id of whoever holds the private half of this key. */
    public static NodeId of(PublicKey key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return new NodeId(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    /** The id of whoever holds the private key of this certificate. */
    public static NodeId of(X509Certificate certificate) {
        return of(certificate.getPublicKey());
    }

    /**
     * Reads what a person typed or pasted; spaces between groups do not matter.
     *
     * @throws IllegalArgumentException if it is no id
     */
    public static NodeId parse(String typed) {
        return new NodeId(typed.replaceAll("\\s", ""));
    }

    /** Whether the text is a whole id. */
    public static boolean isOne(String text) {
        try {
            byte[] digest = Base64.getUrlDecoder().decode(text);
            return digest.length == BYTES
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .equals(text);
        } catch (IllegalArgumentException otherCharacters) {
            return false;
        }
    }

    /** In groups of six, as it is read aloud. */
    public String grouped() {
        StringBuilder grouped = new StringBuilder(text);
        for (int at = text.length() / GROUP * GROUP; at > 0; at -= GROUP) {
            grouped.insert(at, ' ');
        }
        return grouped.toString();
    }

    @Override
    public int compareTo(NodeId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
