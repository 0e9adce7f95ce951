package dev.tidesync.engine.wal;

/** How the bodies of records are written in this life of a log. */
record BodyFormat(boolean encrypts, boolean compresses) {
    /** As they are. */
    static final BodyFormat PLAIN = new BodyFormat(false, false);

    /** How much room a body needs for its authentication tag. */
    int tagBytes() {
        return encrypts ? FrameCipher.TAG_BYTES : 0;
    }
}
