/**
 * The write-ahead log: the one path to disk. {@code docs/log-format.md} holds its bytes and how it recovers.
 *
 * <p>{@link dev.tidesync.engine.wal.Wal} opens and recovers a log; {@link dev.tidesync.engine.wal.WalWriter} appends
 * with group commit, {@link dev.tidesync.engine.wal.WalReader} reads in order, and
 * {@link dev.tidesync.engine.wal.WalRecord} is what is written. All of it stands on
 * {@link dev.tidesync.engine.wal.LogStorage}, which a test replaces by a simulated disk.
 */
@NullMarked
package dev.tidesync.engine.wal;

import org.jspecify.annotations.NullMarked;
