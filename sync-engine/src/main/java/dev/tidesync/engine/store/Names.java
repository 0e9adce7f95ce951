package dev.tidesync.engine.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts that many operations share, such as the reason why a queue waits: each is kept once, under a number, and
 * forgotten with its last user. Not safe for use by several threads.
 */
final class Names {
    private static final class Name {
        private final String text;
        private final int number;
        private int users;

        private Name(String text, int number) {
            this.text = text;
            this.number = number;
        }
    }

    private final Map<String, Name> byText = new HashMap<>();
    private final List<@Nullable Name> byNumber = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** The number of a text, for one more user; {@link Slots#NONE} for null. */
    int acquire(@Nullable String text) {
        if (text == null) {
            return Slots.NONE;
        }
        Name name = byText.computeIfAbsent(text, this::create);
        name.users++;
        return name.number;
    }

    private Name create(String text) {
        Integer reused = free.poll();
        Name name = new Name(text, reused == null ? byNumber.size() : reused);
        if (reused == null) {
            byNumber.add(name);
        } else {
            byNumber.set(reused, name);
        }
        return name;
    }

    /** The text with this number; null for {@link Slots#NONE}. */
    @Nullable String get(int number) {
        return number == Slots.NONE ? null : require(number).text;
    }

    /** One user less. */
    void release(int number) {
        if (number == Slots.NONE) {
            return;
        }
        Name name = require(number);
        name.users--;
        if (name.users == 0) {
            byText.remove(name.text);
            byNumber.set(number, null);
            free.push(number);
        }
    }

    private Name require(int number) {
        Name name = byNumber.get(number);
        if (name == null) {
            throw new AssertionError("name " + number + " is not in use");
        }
        return name;
    }

    int size() {
        return byText.size();
    }
}
