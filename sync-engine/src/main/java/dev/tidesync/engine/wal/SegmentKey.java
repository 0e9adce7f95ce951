package dev.tidesync.engine.wal;

import java.util.Optional;
import javax.crypto.SecretKey;

/** What the frames of one segment are encrypted with: nothing, a key, or one that nobody gave. Immutable. */
final class SegmentKey {
    /** The segment is not encrypted. */
    static final SegmentKey NONE = new SegmentKey(Optional.empty());

    /** It is, and its key is not known: its frames can be checked and counted, not read. */
    static final SegmentKey MISSING = new SegmentKey(Optional.empty());

    private final Optional<SecretKey> key;

    private SegmentKey(Optional<SecretKey> key) {
        this.key = key;
    }

    static SegmentKey known(SecretKey key) {
        return new SegmentKey(Optional.of(key));
    }

    /** A cipher of its own for whoever reads or writes; empty if there is no key. */
    Optional<FrameCipher> cipher() {
        return key.map(FrameCipher::new);
    }
}
