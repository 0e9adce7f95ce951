package dev.tidesync.engine.insight;

import dev.tidesync.spi.Settlement;

/**
 * Hears of what an engine does. Every method has an empty body, so that a listener names only what it wants.
 *
 * <p><b>What an event means.</b> {@link #settled} comes after the store has recorded the outcome: at once for a burial,
 * which is then on disk, and otherwise before the disk has been forced.
 *
 * <p><b>When one is lost:</b> if the process ends between the record and the call; if listeners are so slow that
 * {@value #MOST_WAITING} events wait, after which newer ones are dropped, counted and reported in the log; and for
 * whatever another engine, a person or the store itself decides: cancelling, replaying, expiry, a lease that ran out.
 *
 * <p><b>When one is repeated:</b> an operation is DELIVERED twice if a power cut takes the record of the first
 * delivery, since it is then sent again under the same idempotency key. Every other attempt has an event of its own.
 *
 * <p>So a listener is good for measuring and showing, and not for what must not be missed: ask the store for that.
 *
 * <p><b>Threads:</b> one thread of the engine's, {@code tidesync-events}, calls all listeners, in the order of events.
 * A listener may block; it then holds up the other listeners, and never a delivery. What it throws is logged.
 */
public interface DeliveryListener {
    /** How many events wait for slow listeners at most. */
    int MOST_WAITING = 10_000;

    /** An attempt has ended, and its outcome is recorded: delivered, failed, given back or given up. */
    default void settled(Settlement settlement) {}

    /** A destination was paused, paused for longer, or answers again. */
    default void destinationChanged(DestinationStatus destination) {}
}
