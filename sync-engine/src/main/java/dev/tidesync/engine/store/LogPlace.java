package dev.tidesync.engine.store;

/** Where in the log a record lies: the offset at which it begins, and its length in bytes. */
record LogPlace(long offset, int bytes) {}
