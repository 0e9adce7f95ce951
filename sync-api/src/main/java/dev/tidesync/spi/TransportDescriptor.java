package dev.tidesync.spi;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a transport plugin is: its name, the kinds it serves and the settings it takes. Immutable. */
public final class TransportDescriptor {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final String id;
    private final String version;
    private final int spiLevel;
    private final Set<String> kindPrefixes;
    private final ConfigSpec configSpec;

    private TransportDescriptor(Builder builder) {
        this.id = builder.id;
        this.version = builder.version;
        this.spiLevel = builder.spiLevel;
        this.kindPrefixes = Set.copyOf(builder.kindPrefixes);
        this.configSpec = builder.configSpec;
    }

    /**
     * A builder.
     *
     * @param id the plugin's name: lower-case letters, digits and hyphens, at most 63, beginning with a letter
     * @param spiLevel always {@link SyncSpi#LEVEL}, so that the level the plugin was compiled against is in its class
     * @throws IllegalArgumentException if the id has another shape
     */
    public static Builder builder(String id, int spiLevel) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "plugin id must be 1 to 63 of a-z, 0-9 and '-', beginning with a letter, was: '" + id + "'");
        }
        return new Builder(id, spiLevel);
    }

    /** The plugin's name, unique among the plugins of an engine. */
    public String id() {
        return id;
    }

    /** The plugin's own version, for people; empty if it names none. */
    public String version() {
        return version;
    }

    /** The SPI level the plugin was compiled against. */
    public int spiLevel() {
        return spiLevel;
    }

    /** The kind prefixes it serves unless configuration says otherwise; may be empty. */
    public Set<String> kindPrefixes() {
        return kindPrefixes;
    }

    /** The settings it takes. */
    public ConfigSpec configSpec() {
        return configSpec;
    }

    @Override
    public String toString() {
        return id + " " + version + " (SPI level " + spiLevel + ", prefixes " + new TreeSet<>(kindPrefixes) + ")";
    }

    /** Builds a descriptor. Not safe for use by several threads. */
    public static final class Builder {
        private final String id;
        private final int spiLevel;
        private String version = "";
        private final Set<String> kindPrefixes = new TreeSet<>();
        private ConfigSpec configSpec = ConfigSpec.builder().build();

        private Builder(String id, int spiLevel) {
            this.id = id;
            this.spiLevel = spiLevel;
        }

        /** The plugin's own version, for people. */
        public Builder version(String value) {
            this.version = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Adds a kind prefix, such as {@code http.}.
         *
         * @throws IllegalArgumentException if it is not made of lower-case segments that each end in a dot
         */
        public Builder kindPrefix(String prefix) {
            kindPrefixes.add(KindPrefix.require(prefix));
            return this;
        }

        /** The settings it takes; default none. */
        public Builder configSpec(ConfigSpec value) {
            this.configSpec = Objects.requireNonNull(value);
            return this;
        }

        /** The descriptor. */
        public TransportDescriptor build() {
            return new TransportDescriptor(this);
        }
    }
}
