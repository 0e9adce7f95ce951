package dev.tidesync.spi;

/**
 * The level of this SPI. A plugin puts {@link #LEVEL} into its descriptor; javac copies the number into the plugin's
 * own class file, so that an engine of another version can tell what the plugin was compiled against.
 */
public final class SyncSpi {
    /** The level that this API has: it rises by one whenever the SPI grows. */
    public static final int LEVEL = 1;

    /** The oldest level an engine of this version still serves. */
    public static final int MIN_SUPPORTED = 1;

    private SyncSpi() {}
}
