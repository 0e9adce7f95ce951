package dev.tidesync.spi;

/** How a setting's text is read. A switch over it needs a default branch: constants may be added. */
public enum ConfigType {
    /** Any text. */
    TEXT("text"),
    /** {@code true} or {@code false}. */
    FLAG("true or false"),
    /** A whole number. */
    NUMBER("a whole number"),
    /** A time span: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}. */
    DURATION("a duration such as 500ms, 30s, 5m, 2h or 7d"),
    /** An amount of bytes: {@code 65536}, {@code 64KiB}, {@code 16MiB}. */
    SIZE("a size such as 65536, 64KiB or 16MiB"),
    /** Texts separated by commas. */
    LIST("values separated by commas");

    private final String expectation;

    ConfigType(String expectation) {
        this.expectation = expectation;
    }

    /** What a value must look like, for a sentence that begins with "expected". */
    public String expectation() {
        return expectation;
    }

    /**
     * Reads a value: a String, Boolean, Long, {@link java.time.Duration}, Long (bytes) or List of String.
     *
     * @throws IllegalArgumentException if the text has another shape
     */
    Object parse(String text) {
        return switch (this) {
            case TEXT -> text;
            case FLAG -> ConfigValue.flag(text);
            case NUMBER -> ConfigValue.number(text);
            case DURATION -> ConfigValue.duration(text);
            case SIZE -> ConfigValue.sizeBytes(text);
            case LIST -> ConfigValue.list(text);
        };
    }
}
