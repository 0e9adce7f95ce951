package dev.tidesync.tck;

import dev.tidesync.spi.OutboxStore;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link OutboxStore} must do, as numbered rules. A store's author extends this class:
 *
 * <pre>{@code
 * class MyStoreTest extends OutboxStoreContract {
 *     @TempDir Path directory;
 *
 *     protected OutboxStore openStore() {
 *         return MyStore.open(directory);
 *     }
 * }
 * }</pre>
 *
 * A store that leaves some of the SPI to its default methods names what it has in {@link #features()}.
 */
public abstract class OutboxStoreContract
        implements StoreTransitionRules,
                StoreOrderRules,
                StoreLaneRules,
                StoreClaimRules,
                StoreTimeRules,
                StoreDecisionRules,
                StoreHistoryRules,
                StoreStandingRules,
                StoreReopeningRules {
    private @Nullable OutboxStore store;

    /** For subclasses. */
    protected OutboxStoreContract() {}

    /** Opens the store under test; each time in the same place during one test, in a new place for each test. */
    protected abstract OutboxStore openStore() throws Exception;

    /** What the store does itself rather than leaving it to the default methods; all of it, unless overridden. */
    protected Set<StoreFeature> features() {
        return EnumSet.allOf(StoreFeature.class);
    }

    /** Opens the store before each rule. */
    @BeforeEach
    public final void openTheStore() throws Exception {
        store = openStore();
    }

    /** Closes it afterwards. */
    @AfterEach
    public final void closeTheStore() {
        if (store != null) {
            store.close();
        }
    }

    @Override
    public final OutboxStore store() {
        if (store == null) {
            throw new IllegalStateException("the store is not open yet");
        }
        return store;
    }

    @Override
    public final OutboxStore reopen() {
        store().close();
        try {
            openTheStore();
        } catch (Exception failure) {
            throw new AssertionError("the store could not be opened again", failure);
        }
        return store();
    }

    @Override
    public final void needs(StoreFeature feature) {
        Assumptions.assumeTrue(features().contains(feature), () -> "the store has no " + feature);
    }
}
