package dev.tidesync.engine.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * The unfinished operations of each ordering key, oldest first: only the head of a lane may be sent. An operation
 * without an ordering key has the road to itself. A lane is a number; it is forgotten with its last operation, finished
 * ones included. Not safe for use by several threads.
 *
 * <pre>
 * lane: 0 hash of the key | 8 key's text | 12 root | 16 size | 20 operations that name it
 * </pre>
 */
final class Lanes {
    private static final int LANE_BYTES = 24;
    private static final int HASH_AT = 0;
    private static final int TEXT_AT = 8;
    private static final int ROOT_AT = 12;
    private static final int SIZE_AT = 16;
    private static final int USERS_AT = 20;

    /** Small, since most lanes are short. */
    private static final int NODE_BYTES = 128;

    private final HashKey hashKey;
    private final Slots lanes = new Slots(LANE_BYTES);
    private final Texts keys = new Texts();
    private final SlotTable byKey = new SlotTable(lane -> lanes.getLong(lane, HASH_AT));
    private final Slots nodes = new Slots(NODE_BYTES);
    /** Becomes each lane in turn. */
    private final SlotTree members;

    /** No lanes; {@code ageOf} says how operations are ordered in each. */
    Lanes(HashKey hashKey, IntToLongFunction ageOf) {
        this.hashKey = hashKey;
        this.members = new SlotTree(nodes, NODE_BYTES, ageOf);
    }

    /** The lane of an ordering key, for one more operation; {@link Slots#NONE} for none. */
    int acquire(String orderingKey) {
        if (orderingKey.isEmpty()) {
            return Slots.NONE;
        }
        byte[] text = orderingKey.getBytes(StandardCharsets.UTF_8);
        long hash = hashKey.hash(text);
        int lane = byKey.find(hash, candidate -> isKeyOf(candidate, hash, text));
        if (lane == Slots.NONE) {
            lane = create(hash, text);
        }
        lanes.setInt(lane, USERS_AT, lanes.getInt(lane, USERS_AT) + 1);
        return lane;
    }

    private boolean isKeyOf(int lane, long hash, byte[] text) {
        return lanes.getLong(lane, HASH_AT) == hash && Arrays.equals(keys.get(lanes.getInt(lane, TEXT_AT)), text);
    }

    private int create(long hash, byte[] text) {
        int lane = lanes.take();
        lanes.setLong(lane, HASH_AT, hash);
        lanes.setInt(lane, TEXT_AT, keys.add(text));
        lanes.setInt(lane, ROOT_AT, Slots.NONE);
        lanes.setInt(lane, SIZE_AT, 0);
        lanes.setInt(lane, USERS_AT, 0);
        byKey.add(lane);
        return lane;
    }

    /** The ordering key of a lane; empty for none. */
    String key(int lane) {
        return lane == Slots.NONE ? "" : new String(keys.get(lanes.getInt(lane, TEXT_AT)), StandardCharsets.UTF_8);
    }

    /** One operation less. */
    void release(int lane) {
        if (lane == Slots.NONE) {
            return;
        }
        int users = lanes.getInt(lane, USERS_AT) - 1;
        lanes.setInt(lane, USERS_AT, users);
        if (users == 0) {
            byKey.remove(lane);
            keys.remove(lanes.getInt(lane, TEXT_AT));
            lanes.free(lane);
        }
    }

    void enter(Entry entry) {
        if (entry.lane != Slots.NONE) {
            load(entry.lane);
            members.add(entry.slot);
            save(entry.lane);
        }
    }

    void leave(Entry entry) {
        if (entry.lane != Slots.NONE) {
            load(entry.lane);
            members.remove(entry.slot);
            save(entry.lane);
        }
    }

    boolean isHead(Entry entry) {
        return entry.lane == Slots.NONE || head(entry.lane) == entry.slot;
    }

    /** How many operations are ahead of this one, which lies in its lane, counted up to {@code limit}. */
    int ahead(Entry entry, int limit) {
        int ahead = 0;
        int slot = head(entry.lane);
        while (slot != Slots.NONE && slot != entry.slot && ahead < limit) {
            ahead++;
            slot = members.after(slot);
        }
        return ahead;
    }

    /** The operation that goes next; {@link Slots#NONE} if nothing in the lane is unfinished, or there is no lane. */
    int head(int lane) {
        if (lane == Slots.NONE) {
            return Slots.NONE;
        }
        load(lane);
        return members.first();
    }

    private void load(int lane) {
        members.become(lanes.getInt(lane, ROOT_AT), lanes.getInt(lane, SIZE_AT));
    }

    private void save(int lane) {
        lanes.setInt(lane, ROOT_AT, members.root());
        lanes.setInt(lane, SIZE_AT, members.size());
    }

    /** How many lanes there are. */
    int count() {
        return lanes.used();
    }

    /** How much memory the lanes take. */
    long bytes() {
        return lanes.bytes() + keys.bytes() + byKey.bytes() + nodes.bytes();
    }
}
