package dev.tidesync.engine.wal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one group on their way to the disk: a watermark, then the records in the order they were appended.
 * Confined to whoever holds it.
 */
final class GroupBuffer {
    private static final int INITIAL_CAPACITY = 64 * 1024;
    /** A buffer that grew beyond this for a large payload is not kept. */
    private static final int KEPT_CAPACITY = 4 * 1024 * 1024;
    /** How many records share a frame at most, so that damage costs no more than these. */
    private static final int MAX_SHARING = 256;

    /** How much a group takes beside its records. */
    static final int WATERMARK_BYTES = 32;

    private final FieldWriter out = new FieldWriter(INITIAL_CAPACITY);
    private final RecordEncoder encoder;
    private final int tagBytes;
    private final FrameFormat format = new FrameFormat();
    private long startOffset;
    private int watermarkAt;
    private @Nullable WalRecord last;
    private int lastAt;
    private int sharing;

    GroupBuffer(BodyFormat bodies) {
        this.encoder = new RecordEncoder(out, bodies.compresses());
        this.tagBytes = bodies.tagBytes();
    }

    /** Empties the buffer; its next frame will stand at {@code offset}. */
    void startAt(long offset) {
        startOffset = offset;
        out.shrink(0);
        last = null;
    }

    /**
     * Adds a record and returns its offset. Claims of one owner at one time share a frame, and so do deliveries at one
     * time: the n-th of a frame has the frame's offset plus n − 1, which still lies inside the frame.
     */
    long add(WalRecord record) {
        addWatermark();
        if (sharing < MAX_SHARING && last != null && canShare(last, record)) {
            return share(record);
        }
        lastAt = addFrame(record);
        last = record;
        sharing = 1;
        return startOffset + lastAt;
    }

    private static boolean canShare(WalRecord before, WalRecord record) {
        if (before instanceof WalRecord.Claimed first && record instanceof WalRecord.Claimed second) {
            return first.atMs() == second.atMs() && first.owner().equals(second.owner());
        }
        return before instanceof WalRecord.Delivered first
                && record instanceof WalRecord.Delivered second
                && first.atMs() == second.atMs()
                && first.answer().isEmpty()
                && second.answer().isEmpty(); // an answer is one delivery's, and read from its frame later
    }

    /** One more id at the end of the last frame's body. */
    private long share(WalRecord record) {
        int type = FrameFormat.type(out.array(), lastAt);
        int bodyEnd = lastAt + FrameFormat.HEADER_BYTES + (int) FrameFormat.bodyLength(out.array(), lastAt) - tagBytes;
        out.shrink(bodyEnd);
        boolean complete = false;
        try {
            out.id(idOf(record));
            complete = true;
        } finally {
            if (!complete) {
                out.shrink(bodyEnd);
            }
            endFrame(lastAt, type, 0);
        }
        return startOffset + lastAt + sharing++;
    }

    private static String idOf(WalRecord record) {
        if (record instanceof WalRecord.Claimed claimed) {
            return claimed.id();
        }
        if (record instanceof WalRecord.Delivered delivered) {
            return delivered.id();
        }
        throw new AssertionError("only claims and deliveries share a frame: " + record);
    }

    private int addFrame(WalRecord record) {
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
        return at;
    }

    /** Adds a record as it stands in another frame, so that nothing a newer version put there is lost. */
    void addCopy(FrameScanner frame) {
        addWatermark();
        last = null;
        int at = out.zeros(FrameFormat.HEADER_BYTES);
        out.raw(frame.array(), frame.bodyAt(), frame.bodyLength());
        endFrame(at, frame.type(), frame.flags());
    }

    private void endFrame(int at, int type, int flags) {
        boolean encrypted = tagBytes > 0 && !RecordType.isHousekeeping(type);
        out.zeros(encrypted ? tagBytes : 0);
        int bodyLength = out.size() - at - FrameFormat.HEADER_BYTES;
        out.zeros((int) FrameFormat.align(bodyLength) - bodyLength);
        FrameFormat.begin(out.array(), at, type, encrypted ? flags | FrameFormat.ENCRYPTED : flags, bodyLength);
    }

    /** Begins the group, unless it has begun. */
    void addWatermark() {
        if (isEmpty()) {
            int at = out.zeros(FrameFormat.HEADER_BYTES);
            watermarkAt = out.roomForNumber(Tag.DURABLE_OFFSET);
            endFrame(at, RecordType.WATERMARK, 0);
        }
    }

    /**
     * Completes the frames that lie between two offsets for a segment; everything below {@code durableOffset} has been
     * forced. To be done once for each frame: what is encrypted by then is not what was added any more.
     */
    void seal(int salt, Optional<FrameCipher> cipher, long durableOffset, long from, long to) {
        byte[] bytes = out.array();
        if (from == startOffset) {
            out.fillNumber(watermarkAt, durableOffset);
        }
        int at = (int) (from - startOffset);
        while (startOffset + at < to) {
            int size = (int) FrameFormat.sizeOf(FrameFormat.bodyLength(bytes, at));
            if (!RecordType.isHousekeeping(FrameFormat.type(bytes, at)) && cipher.isPresent()) {
                cipher.get().seal(bytes, at, startOffset + at);
            }
            format.seal(bytes, at, size, salt, startOffset + at);
            at += size;
        }
    }

    /** The last offset, up to this one, at which a frame begins or the group ends. */
    long boundaryBefore(long offset) {
        int at = 0;
        while (at < out.size()) {
            int next = at + (int) FrameFormat.sizeOf(FrameFormat.bodyLength(out.array(), at));
            if (startOffset + next > offset) {
                break;
            }
            at = next;
        }
        return startOffset + at;
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
