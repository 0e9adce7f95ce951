/**
 * The embedded outbox store: an index in memory over a write-ahead log on disk.
 *
 * <p>{@link dev.tidesync.engine.store.FileOutboxStore} is the way in. The log is the truth; {@code outbox.json} beside
 * it is a view for people.
 */
@NullMarked
package dev.tidesync.engine.store;

import org.jspecify.annotations.NullMarked;
