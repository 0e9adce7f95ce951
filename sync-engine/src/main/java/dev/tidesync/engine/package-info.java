/**
 * Delivers what is in an outbox: {@link dev.tidesync.engine.SyncEngine} drives one non-blocking step, the
 * {@link dev.tidesync.engine.SyncWorker}, from a loop of its own or from the caller's ticks.
 */
@NullMarked
package dev.tidesync.engine;

import org.jspecify.annotations.NullMarked;
