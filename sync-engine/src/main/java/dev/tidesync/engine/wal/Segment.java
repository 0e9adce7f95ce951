package dev.tidesync.engine.wal;

/** A segment of the log and the file it is in. */
record Segment(String file, SegmentHeader header) {}
