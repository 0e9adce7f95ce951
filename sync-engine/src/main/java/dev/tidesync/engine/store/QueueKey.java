package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;

/** What makes a ready queue: a kind and a destination. The strings are shared by all operations that have them. */
record QueueKey(String kind, String destination) {
    static QueueKey of(Operation intent) {
        return new QueueKey(intent.kind().intern(), intent.destination().intern());
    }
}
