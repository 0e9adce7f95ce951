package dev.tidesync.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting that a plugin takes. Immutable.
 *
 * <p>A name that ends in {@code .*} stands for a group of free names, such as {@code headers.*}.
 */
public final class ConfigKey {
    private final String name;
    private final ConfigType type;
    private final @Nullable String defaultValue;
    private final boolean required;
    private final boolean secret;
    private final List<String> choices;
    private final String doc;

    private ConfigKey(
            String name,
            ConfigType type,
            @Nullable String defaultValue,
            boolean required,
            boolean secret,
            List<String> choices,
            String doc) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.required = required;
        this.secret = secret;
        this.choices = choices;
        this.doc = doc;
    }

    /**
     * An optional setting without a default.
     *
     * @param name kebab-case, dots between groups
     * @param doc one sentence for a person, units included
     */
    public static ConfigKey of(String name, ConfigType type, String doc) {
        return new ConfigKey(
                Objects.requireNonNull(name), Objects.requireNonNull(type), null, false, false, List.of(), doc);
    }

    /**
     * A copy with a default, given as text.
     *
     * @throws IllegalArgumentException if the type cannot read it
     */
    public ConfigKey withDefault(String value) {
        type.parse(value);
        return new ConfigKey(name, type, value, required, secret, choices, doc);
    }

    /** A copy that must be set. */
    public ConfigKey asRequired() {
        return new ConfigKey(name, type, defaultValue, true, secret, choices, doc);
    }

    /** A copy whose value is never shown, and is read anew each time it is needed. */
    public ConfigKey asSecret() {
        return new ConfigKey(name, type, defaultValue, required, true, choices, doc);
    }

    /** A copy that takes only these values. */
    public ConfigKey oneOf(String... values) {
        return new ConfigKey(name, type, defaultValue, required, secret, List.of(values), doc);
    }

    /** The name, kebab-case. */
    public String name() {
        return name;
    }

    /** How the value is read. */
    public ConfigType type() {
        return type;
    }

    /** The default, as text. */
    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /** Whether it must be set. */
    public boolean required() {
        return required;
    }

    /** Whether its value is never shown. */
    public boolean secret() {
        return secret;
    }

    /** The only values it takes; empty if it takes any. */
    public List<String> choices() {
        return choices;
    }

    /** One sentence for a person. */
    public String doc() {
        return doc;
    }

    boolean isGroup() {
        return name.endsWith(".*");
    }

    boolean covers(String candidate) {
        return isGroup()
                ? candidate.length() > name.length() - 1 && candidate.startsWith(name.substring(0, name.length() - 1))
                : candidate.equals(name);
    }
}
