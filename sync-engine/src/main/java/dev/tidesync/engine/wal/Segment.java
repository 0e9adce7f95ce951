package dev.tidesync.engine.wal;

/** A segment of the log, the file it is in, and what its frames are encrypted with. */
record Segment(String file, SegmentHeader header, SegmentKey key) {}
