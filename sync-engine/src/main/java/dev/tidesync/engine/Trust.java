package dev.tidesync.engine;

/**
 * Whether a transport is taken for one that does not block. Trust is lost the moment it is caught, and regained when it
 * has behaved so often in a row; each relapse makes that dearer.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class Trust {
    /** So many good turns make up for the first bad one: it may have been loading its classes, or reading its files. */
    private static final int FIRST_PRICE = 8;

    /** A relapse costs the engine a wait, or a transport more sends than it has threads for. */
    private static final int PRICE_OF_A_RELAPSE = 8;

    private volatile boolean lost;

    // guarded by this
    private long price = FIRST_PRICE;
    private long goodTurns;

    boolean isLost() {
        return lost;
    }

    /** Whether it was never lost and regained. */
    synchronized boolean isFresh() {
        return price == FIRST_PRICE;
    }

    synchronized void lose() {
        lost = true;
        goodTurns = 0;
    }

    synchronized void turn(boolean good) {
        goodTurns = good ? goodTurns + 1 : 0;
    }

    /** Trusts again if enough good turns were taken since it was lost; true if this call did that. */
    synchronized boolean regain() {
        if (!lost || goodTurns < price) {
            return false;
        }
        lost = false;
        price = Math.min(price * PRICE_OF_A_RELAPSE, Integer.MAX_VALUE);
        return true;
    }
}
