/**
 * What plugins implement, and what the engine hands them.
 *
 * <p>Types that plugins implement ({@link dev.tidesync.spi.ISyncTransport},
 * {@link dev.tidesync.spi.SyncTransportProvider}, {@link dev.tidesync.spi.OutboxStore},
 * {@link dev.tidesync.spi.OutboxStoreProvider}) grow by default methods only. The contexts and
 * {@link dev.tidesync.spi.Inbox} are implemented by the engine and may gain abstract methods.
 */
@NullMarked
package dev.tidesync.spi;

import org.jspecify.annotations.NullMarked;
