package dev.tidesync.tck;

/** What a store may leave to the default methods of its interface; the rules that need it are then skipped. */
public enum StoreFeature {
    /** Claims have tokens, and late outcomes are told from current ones. */
    TOKENS,
    /** A release costs no attempt. */
    UNCHARGED_RELEASE,
    /** Leases can be renewed. */
    LEASE_RENEWAL,
    /** What an earlier life of the store left in flight can be taken back at once. */
    RECLAIM,
    /** Batches are claimed fairly over kinds and destinations, and no queue hides another. */
    FAIR_QUEUES,
    /** The reason for which a gate holds operations becomes their last error. */
    NOTED_REASONS,
    /** Expired operations are buried without being claimed. */
    EXPIRY,
    /** A person can cancel. */
    CANCEL,
    /** A person can replay. */
    REPLAY,
    /** A person can forget dead letters. */
    PRUNE_DEAD_LETTERS,
    /** Final operations can be counted and paged. */
    HISTORY,
    /** What the other side answered to a delivery is kept with the operation. */
    ANSWERS,
    /** Every attempt is kept with its time and code, and claims with their owner, for people who ask. */
    INCIDENTS,
    /** The next due time is known. */
    NEXT_DUE,
    /** A listener hears of ready operations. */
    READY_LISTENER,
    /** Policy retries do not wait for a clock that went back. */
    CLOCK_STEPS,
    /** Opening the store again finds what was there. */
    REOPENING
}
