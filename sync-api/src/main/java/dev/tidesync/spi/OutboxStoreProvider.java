package dev.tidesync.spi;

/**
 * Opens outbox stores of one URL scheme: what {@link java.util.ServiceLoader} looks for when an engine is given an
 * outbox URL such as {@code file:data/outbox.json}. The same rules hold as for {@link SyncTransportProvider}.
 */
public interface OutboxStoreProvider {
    /** The URL scheme it serves, without the colon, as {@code file}. */
    String scheme();

    /** The SPI level it was compiled against: always {@link SyncSpi#LEVEL}. */
    int spiLevel();

    /**
     * The settings it takes, below {@code outbox.<scheme>.} in a configuration.
     *
     * @return the settings; the default takes none
     */
    default ConfigSpec configSpec() {
        return ConfigSpec.builder().build();
    }

    /**
     * Opens the store that the URL names.
     *
     * @throws OutboxStoreException if it cannot be opened; says why, and who holds it if it is held
     * @throws TransportConfigException if settings contradict each other
     */
    OutboxStore open(OutboxStoreContext context) throws TransportConfigException;
}
