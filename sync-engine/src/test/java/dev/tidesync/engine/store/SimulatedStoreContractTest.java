package dev.tidesync.engine.store;

import dev.tidesync.spi.OutboxStore;
import dev.tidesync.tck.OutboxStoreContract;

/** The store's contract on a simulated disk. */
class SimulatedStoreContractTest extends OutboxStoreContract {
    private final StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);

    @Override
    protected OutboxStore openStore() {
        return simulated.reopenIfClosed();
    }
}
