package dev.tidesync.engine.wal;

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that a log is encrypted with: a current one for what is written, and older ones that can still be read.
 * Immutable; {@link #toString} tells ids and no key.
 */
public final class LogKeys {
    private static final LogKeys NONE = new LogKeys(Optional.empty(), Map.of(), false);

    private final Optional<LogKey> current;
    private final Map<Long, LogKey> all;
    private final boolean passesOverMissing;

    private LogKeys(Optional<LogKey> current, Map<Long, LogKey> all, boolean passesOverMissing) {
        this.current = current;
        this.all = Map.copyOf(all);
        this.passesOverMissing = passesOverMissing;
    }

    /** No key: what is written is not encrypted, and an encrypted log cannot be opened. */
    public static LogKeys none() {
        return NONE;
    }

    /**
     * Keys of 32 random bytes each.
     *
     * @param current what is written with; empty to write without encryption
     * @param old what was written with before
     * @throws IllegalArgumentException if one has another length
     */
    public static LogKeys of(Optional<byte[]> current, List<byte[]> old) {
        Map<Long, LogKey> all = new HashMap<>();
        old.stream().map(LogKey::new).forEach(key -> all.put(key.id(), key));
        Optional<LogKey> first = current.map(LogKey::new);
        first.ifPresent(key -> all.put(key.id(), key));
        return new LogKeys(first, all, false);
    }

    /**
     * A key as it stands in a configuration.
     *
     * @throws IllegalArgumentException if it is not 32 bytes in Base64; does not tell what it is
     */
    public static byte[] decode(String base64) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException noBase64) {
            key = new byte[0];
        }
        if (key.length != LogKey.BYTES) {
            throw new IllegalArgumentException("must be 32 bytes in Base64; make one with: openssl rand -base64 32");
        }
        return key;
    }

    /** The same keys, for an inspection: what is encrypted with another is passed over instead of refused. */
    LogKeys passingOverMissing() {
        return new LogKeys(current, all, true);
    }

    /** Whether what is written is encrypted. */
    public boolean encrypts() {
        return current.isPresent();
    }

    /** The id of the key that is written with; 0 for none. */
    long currentId() {
        return current.map(LogKey::id).orElse(0L);
    }

    /**
     * The key of a segment.
     *
     * @throws WalFormatException if it is encrypted with a key that was not given
     */
    SegmentKey of(SegmentHeader header, String file) throws WalFormatException {
        if (!header.isEncrypted()) {
            return SegmentKey.NONE;
        }
        LogKey key = all.get(header.keyId());
        if (key != null) {
            return key.of(header);
        }
        if (passesOverMissing) {
            return SegmentKey.MISSING;
        }
        throw new WalFormatException(file + " is encrypted with key " + LogKey.text(header.keyId())
                + ", which is not among those given: "
                + (all.isEmpty() ? "none" : all.values()) + "; name it as outbox.encryption-key, or in"
                + " outbox.old-encryption-keys");
    }

    @Override
    public String toString() {
        return "LogKeys[current=" + current + ", all=" + all.values() + "]";
    }
}
