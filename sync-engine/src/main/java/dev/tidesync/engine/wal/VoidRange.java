package dev.tidesync.engine.wal;

/** Logical offsets that recovery has cut: from {@code from} up to, not including, {@code to}. */
record VoidRange(long from, long to) {}
