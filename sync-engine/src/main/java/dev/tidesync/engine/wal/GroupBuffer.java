package dev.tidesync.engine.wal;

/**
 * The frames of one group on their way to the disk: a watermark, then the records in the order they were appended.
 * Confined to whoever holds it.
 */
final class GroupBuffer {
    private static final int INITIAL_CAPACITY = 64 * 1024;
    /** A buffer that grew beyond this for a large payload is not kept. */
    private static final int KEPT_CAPACITY = 4 * 1024 * 1024;

    private final FieldWriter out = new FieldWriter(INITIAL_CAPACITY);
    private final RecordEncoder encoder = new RecordEncoder(out);
    private final FrameFormat format = new FrameFormat();
    private long startOffset;
    private int watermarkAt;

    /** Empties the buffer; its next frame will stand at {@code offset}. */
    void startAt(long offset) {
        startOffset = offset;
        out.shrink(0);
    }

    /** Adds a record and returns its offset. */
    long add(WalRecord record) {
        addWatermark();
        int at = out.zeros(FrameFormat.HEADER_BYTES);
        boolean complete = false;
        try {
            int type = encoder.encode(record);
            endFrame(at, type, 0);
            complete = true;
        } finally {
            if (!complete) {
                out.shrink(at);
            }
        }
        return startOffset + at;
    }

    /** Adds a record as it stands in another frame, so that nothing a newer version put there is lost. */
    void addCopy(FrameScanner frame) {
        addWatermark();
        int at = out.zeros(FrameFormat.HEADER_BYTES);
        out.raw(frame.array(), frame.bodyAt(), frame.bodyLength());
        endFrame(at, frame.type(), frame.flags());
    }

    private void endFrame(int at, int type, int flags) {
        int bodyLength = out.size() - at - FrameFormat.HEADER_BYTES;
        out.zeros((int) FrameFormat.align(bodyLength) - bodyLength);
        FrameFormat.begin(out.array(), at, type, flags, bodyLength);
    }

    /** Begins the group, unless it has begun. */
    void addWatermark() {
        if (isEmpty()) {
            int at = out.zeros(FrameFormat.HEADER_BYTES);
            watermarkAt = out.roomForNumber(Tag.DURABLE_OFFSET);
            endFrame(at, RecordType.WATERMARK, 0);
        }
    }

    /** Completes the group for the segment with this salt; everything below {@code durableOffset} has been forced. */
    void seal(int salt, long durableOffset) {
        byte[] bytes = out.array();
        out.fillNumber(watermarkAt, durableOffset);
        int at = 0;
        while (at < out.size()) {
            int size = (int) FrameFormat.sizeOf(FrameFormat.bodyLength(bytes, at));
            format.seal(bytes, at, size, salt, startOffset + at);
            at += size;
        }
    }

    boolean isEmpty() {
        return out.size() == 0;
    }

    boolean isOversized() {
        return out.array().length > KEPT_CAPACITY;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return startOffset + out.size();
    }

    int size() {
        return out.size();
    }

    byte[] array() {
        return out.array();
    }
}
