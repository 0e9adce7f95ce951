package dev.tidesync.engine;

import dev.tidesync.spi.OutboxStore;
import dev.tidesync.tck.OutboxStoreContract;
import dev.tidesync.tck.StoreFeature;
import java.util.EnumSet;
import java.util.Set;

/** The store that the engine's tests run on keeps the contract itself. */
final class MemoryOutboxStoreTest extends OutboxStoreContract {
    @Override
    protected OutboxStore openStore() {
        return new MemoryOutboxStore();
    }

    @Override
    protected Set<StoreFeature> features() {
        return EnumSet.complementOf(EnumSet.of(StoreFeature.REOPENING, StoreFeature.INCIDENTS));
    }
}
