package dev.tidesync.engine.wal;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts the bodies of one segment's frames with AES-256-GCM. The nonce is the frame's logical offset, which is used
 * once under a segment's key; type and flags are authenticated with the body. Confined to one thread.
 */
final class FrameCipher {
    /** What a body grows by: the authentication tag stands behind it. */
    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = TAG_BYTES * Byte.SIZE;

    private final SecretKey key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];

    FrameCipher(SecretKey key) {
        this.key = key;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java has AES with GCM", missing);
        }
    }

    /** Encrypts the body of a frame where it stands; its last 16 bytes are room for the tag. */
    void seal(byte[] frames, int at, long offset) {
        int bodyAt = at + FrameFormat.HEADER_BYTES;
        int length = (int) FrameFormat.bodyLength(frames, at) - TAG_BYTES;
        try {
            begin(Cipher.ENCRYPT_MODE, frames, at, offset);
            cipher.doFinal(frames, bodyAt, length, frames, bodyAt);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError("AES-GCM does not fail with a good key and a fresh nonce", failure);
        }
    }

    /**
     * Decrypts the body of a frame into {@code plain}, which has room for the encrypted one.
     *
     * @return how long it is; -1 if it is not what was written here with this key
     */
    int open(byte[] frames, int at, long offset, byte[] plain) {
        int length = (int) FrameFormat.bodyLength(frames, at);
        if (length < TAG_BYTES) {
            return -1;
        }
        try {
            begin(Cipher.DECRYPT_MODE, frames, at, offset);
            return cipher.doFinal(frames, at + FrameFormat.HEADER_BYTES, length, plain, 0);
        } catch (AEADBadTagException forged) {
            return -1;
        } catch (GeneralSecurityException failure) {
            throw new AssertionError("AES-GCM fails in no other way", failure);
        }
    }

    private void begin(int mode, byte[] frames, int at, long offset) throws GeneralSecurityException {
        LittleEndian.putLong(nonce, 0, offset);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(frames, at + FrameFormat.TYPE_AT, Integer.BYTES);
    }
}
