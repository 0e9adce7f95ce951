package dev.tidesync.engine.store;

import java.util.function.IntToLongFunction;

/**
 * A sorted set of rows, by a number that each row has and then by the row's own: a B+tree whose nodes lie in
 * {@link Slots}, shared by many trees. Each operation costs O(log n). A leaf holds row numbers only, so a member costs
 * four bytes, a set of one no node at all; members that come in order fill their leaves.
 *
 * <p>What a row is sorted by must not change while it is a member. Not safe for use by several threads.
 *
 * <pre>
 * leaf:  0 count | 4 zero | 8 row, row, …
 * inner: 0 count | 4 one  | 8 (key, row, node), (key, row, node), …   the least member below each node;
 *                                                                     that of the first may be out of date
 * </pre>
 */
final class SlotTree {
    private static final int NONE = Slots.NONE;
    private static final int COUNT_AT = 0;
    private static final int KIND_AT = 4;
    private static final int CONTENT_AT = 8;
    private static final int LEAF = 0;
    private static final int INNER = 1;
    private static final int MEMBER_BYTES = Integer.BYTES;
    private static final int CHILD_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private final Slots nodes;
    private final IntToLongFunction keyOf;
    private final int leafCapacity;
    private final int innerCapacity;

    private int size;
    /** The only member if there is one, the root node if there are more. */
    private int root = NONE;

    // The least member of the node that the last split made:
    private long splitKey;
    private int splitSlot;

    /** An empty set; its nodes will be rows of {@code nodes}, which have {@code nodeBytes} each. */
    SlotTree(Slots nodes, int nodeBytes, IntToLongFunction keyOf) {
        this.nodes = nodes;
        this.keyOf = keyOf;
        this.leafCapacity = (nodeBytes - CONTENT_AT) / MEMBER_BYTES;
        this.innerCapacity = (nodeBytes - CONTENT_AT) / CHILD_BYTES;
    }

    /** Becomes the set that had this root and size, so that one object can serve many small sets. */
    void become(int newRoot, int newSize) {
        root = newRoot;
        size = newSize;
    }

    int root() {
        return root;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds a row that is not a member. */
    void add(int slot) {
        long key = keyOf.applyAsLong(slot);
        size++;
        if (size == 1) {
            root = slot;
            return;
        }
        if (size == 2) {
            int first = root;
            root = newNode(LEAF);
            insertMember(root, 0, first);
        }
        int sibling = add(root, key, slot);
        if (sibling != NONE) {
            int left = root;
            root = newNode(INNER);
            insertChild(root, 0, Long.MIN_VALUE, Integer.MIN_VALUE, left);
            insertChild(root, 1, splitKey, splitSlot, sibling);
        }
    }

    /** Returns the node that had to be split off to the right; NONE if there was room. */
    private int add(int node, long key, int slot) {
        if (isLeaf(node)) {
            return addToLeaf(node, key, slot);
        }
        int index = childIndex(node, key, slot);
        int sibling = add(child(node, index), key, slot);
        return sibling == NONE ? NONE : addToInner(node, index + 1, splitKey, splitSlot, sibling);
    }

    private int addToLeaf(int leaf, long key, int slot) {
        int index = lowerBound(leaf, key, slot);
        int count = count(leaf);
        if (count < leafCapacity) {
            insertMember(leaf, index, slot);
            return NONE;
        }
        int kept = index == count ? count : count / 2; // members that come in order leave full leaves behind
        int right = splitOff(leaf, kept, MEMBER_BYTES);
        if (index > kept || index == count) {
            insertMember(right, index - kept, slot);
        } else {
            insertMember(leaf, index, slot);
        }
        splitSlot = member(right, 0);
        splitKey = keyOf.applyAsLong(splitSlot);
        return right;
    }

    private int addToInner(int inner, int index, long key, int slot, int added) {
        int count = count(inner);
        if (count < innerCapacity) {
            insertChild(inner, index, key, slot, added);
            return NONE;
        }
        int kept = index == count ? count : count / 2;
        int right = splitOff(inner, kept, CHILD_BYTES);
        if (index > kept || index == count) {
            insertChild(right, index - kept, key, slot, added);
        } else {
            insertChild(inner, index, key, slot, added);
        }
        splitKey = childKey(right, 0);
        splitSlot = childSlot(right, 0);
        return right;
    }

    private int splitOff(int node, int kept, int entryBytes) {
        int right = newNode(kind(node));
        int moved = count(node) - kept;
        nodes.copy(node, CONTENT_AT + kept * entryBytes, right, CONTENT_AT, moved * entryBytes);
        setCount(node, kept);
        setCount(right, moved);
        return right;
    }

    /** Removes a row; false if it is not a member. */
    boolean remove(int slot) {
        if (size == 0 || (size == 1 && root != slot)) {
            return false;
        }
        if (size > 1 && !remove(root, keyOf.applyAsLong(slot), slot)) {
            return false;
        }
        size--;
        while (size > 1 && !isLeaf(root) && count(root) == 1) {
            replaceRoot(child(root, 0));
        }
        if (size == 1) {
            becomeSingle();
        } else if (size == 0) {
            root = NONE;
        }
        return true;
    }

    private void becomeSingle() {
        while (!isLeaf(root)) {
            replaceRoot(child(root, 0));
        }
        replaceRoot(member(root, 0));
    }

    private void replaceRoot(int newRoot) {
        nodes.free(root);
        root = newRoot;
    }

    private boolean remove(int node, long key, int slot) {
        if (isLeaf(node)) {
            int index = lowerBound(node, key, slot);
            if (index == count(node) || member(node, index) != slot) {
                return false;
            }
            removeEntry(node, index, MEMBER_BYTES);
            return true;
        }
        int index = childIndex(node, key, slot);
        if (!remove(child(node, index), key, slot)) {
            return false;
        }
        tidy(node, index);
        return true;
    }

    /** Drops a child that became empty, and joins one that became small with a neighbour, if both fit into one. */
    private void tidy(int parent, int index) {
        int child = child(parent, index);
        int capacity = isLeaf(child) ? leafCapacity : innerCapacity;
        if (count(child) == 0) {
            nodes.free(child);
            removeEntry(parent, index, CHILD_BYTES);
        } else if (count(child) <= capacity / 4) {
            int room = capacity * 3 / 4 - count(child);
            if (index + 1 < count(parent) && count(child(parent, index + 1)) <= room) {
                joinWithNext(parent, index);
            } else if (index > 0 && count(child(parent, index - 1)) <= room) {
                joinWithNext(parent, index - 1);
            }
        }
    }

    private void joinWithNext(int parent, int index) {
        int left = child(parent, index);
        int right = child(parent, index + 1);
        int entryBytes = isLeaf(left) ? MEMBER_BYTES : CHILD_BYTES;
        int count = count(left);
        nodes.copy(right, CONTENT_AT, left, CONTENT_AT + count * entryBytes, count(right) * entryBytes);
        if (!isLeaf(left)) { // the bound of a first child may be out of date; the parent's is not
            setBound(left, count, childKey(parent, index + 1), childSlot(parent, index + 1));
        }
        setCount(left, count + count(right));
        nodes.free(right);
        removeEntry(parent, index + 1, CHILD_BYTES);
    }

    boolean contains(int slot) {
        if (size <= 1) {
            return size == 1 && root == slot;
        }
        long key = keyOf.applyAsLong(slot);
        int node = root;
        while (!isLeaf(node)) {
            node = child(node, childIndex(node, key, slot));
        }
        int index = lowerBound(node, key, slot);
        return index < count(node) && member(node, index) == slot;
    }

    /** The least member; NONE if the set is empty. */
    int first() {
        return size <= 1 ? root : firstBelow(root);
    }

    private int firstBelow(int node) {
        int at = node;
        while (!isLeaf(at)) {
            at = child(at, 0);
        }
        return member(at, 0);
    }

    /** The greatest member; NONE if the set is empty. */
    int last() {
        if (size <= 1) {
            return root;
        }
        int at = root;
        while (!isLeaf(at)) {
            at = child(at, count(at) - 1);
        }
        return member(at, count(at) - 1);
    }

    /** The least member behind another, which need not be a member; NONE if there is none. */
    int after(int slot) {
        return ceiling(keyOf.applyAsLong(slot), slot + 1);
    }

    /** The least member whose key is at least this; NONE if there is none. */
    int ceiling(long key) {
        return ceiling(key, 0);
    }

    private int ceiling(long key, int slot) {
        if (size <= 1) {
            return size == 1 && !isBefore(root, key, slot) ? root : NONE;
        }
        return ceiling(root, key, slot);
    }

    private int ceiling(int node, long key, int slot) {
        if (isLeaf(node)) {
            int index = lowerBound(node, key, slot);
            return index < count(node) ? member(node, index) : NONE;
        }
        int index = childIndex(node, key, slot);
        int found = ceiling(child(node, index), key, slot);
        return found != NONE || index + 1 == count(node) ? found : firstBelow(child(node, index + 1));
    }

    /** Takes every member out. */
    void clear() {
        if (size > 1) {
            freeAll(root);
        }
        root = NONE;
        size = 0;
    }

    private void freeAll(int node) {
        if (!isLeaf(node)) {
            for (int i = 0; i < count(node); i++) {
                freeAll(child(node, i));
            }
        }
        nodes.free(node);
    }

    private boolean isBefore(int member, long key, int slot) {
        long memberKey = keyOf.applyAsLong(member);
        return memberKey < key || (memberKey == key && member < slot);
    }

    /** How many members of a leaf are less than this. Ends are looked at first: queues grow and shrink there. */
    private int lowerBound(int leaf, long key, int slot) {
        int low = 0;
        int high = count(leaf);
        if (high == 0 || isBefore(member(leaf, high - 1), key, slot)) {
            return high;
        }
        if (!isBefore(member(leaf, 0), key, slot)) {
            return 0;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(member(leaf, middle), key, slot)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The child in whose range this lies: the last whose least member is not greater. */
    private int childIndex(int inner, long key, int slot) {
        int low = 1;
        int high = count(inner);
        while (low < high) {
            int middle = (low + high) >>> 1;
            long middleKey = childKey(inner, middle);
            if (middleKey < key || (middleKey == key && childSlot(inner, middle) <= slot)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private int newNode(int kind) {
        int node = nodes.take();
        nodes.setInt(node, COUNT_AT, 0);
        nodes.setInt(node, KIND_AT, kind);
        return node;
    }

    private void insertMember(int leaf, int index, int slot) {
        int at = makeRoom(leaf, index, MEMBER_BYTES);
        nodes.setInt(leaf, at, slot);
    }

    private void insertChild(int inner, int index, long key, int slot, int child) {
        int at = makeRoom(inner, index, CHILD_BYTES);
        nodes.setInt(inner, at + Long.BYTES + Integer.BYTES, child);
        setBound(inner, index, key, slot);
    }

    private void setBound(int inner, int index, long key, int slot) {
        int at = CONTENT_AT + index * CHILD_BYTES;
        nodes.setLong(inner, at, key);
        nodes.setInt(inner, at + Long.BYTES, slot);
    }

    private int makeRoom(int node, int index, int entryBytes) {
        int count = count(node);
        int at = CONTENT_AT + index * entryBytes;
        nodes.copy(node, at, node, at + entryBytes, (count - index) * entryBytes);
        setCount(node, count + 1);
        return at;
    }

    private void removeEntry(int node, int index, int entryBytes) {
        int count = count(node);
        int at = CONTENT_AT + index * entryBytes;
        nodes.copy(node, at + entryBytes, node, at, (count - index - 1) * entryBytes);
        setCount(node, count - 1);
    }

    private boolean isLeaf(int node) {
        return kind(node) == LEAF;
    }

    private int kind(int node) {
        return nodes.getInt(node, KIND_AT);
    }

    private int count(int node) {
        return nodes.getInt(node, COUNT_AT);
    }

    private void setCount(int node, int count) {
        nodes.setInt(node, COUNT_AT, count);
    }

    private int member(int leaf, int index) {
        return nodes.getInt(leaf, CONTENT_AT + index * MEMBER_BYTES);
    }

    private long childKey(int inner, int index) {
        return nodes.getLong(inner, CONTENT_AT + index * CHILD_BYTES);
    }

    private int childSlot(int inner, int index) {
        return nodes.getInt(inner, CONTENT_AT + index * CHILD_BYTES + Long.BYTES);
    }

    private int child(int inner, int index) {
        return nodes.getInt(inner, CONTENT_AT + index * CHILD_BYTES + Long.BYTES + Integer.BYTES);
    }
}
