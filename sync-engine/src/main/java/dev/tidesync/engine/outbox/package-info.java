/**
 * Where an application hands over operations: {@link dev.tidesync.engine.outbox.Outbox} completes and checks them,
 * makes them durable in a store, and decides by its {@link dev.tidesync.engine.outbox.RetryPolicy} what follows a
 * failure.
 */
@NullMarked
package dev.tidesync.engine.outbox;

import org.jspecify.annotations.NullMarked;
