package dev.tidesync.tck;

/** A sound transport keeps every rule, and none is skipped. */
class SoundTransportContractTest extends ListAsOtherSide {
    SoundTransportContractTest() {
        super(new SoundProvider());
    }
}
