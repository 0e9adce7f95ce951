package dev.tidesync.engine.store;

/** What makes a ready queue: a kind and a destination. */
record QueueKey(String kind, String destination) {}
