package dev.tidesync.spi;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One instance's settings, checked against a {@link ConfigSpec}. Values may be {@code ${env:NAME}} or
 * {@code ${file:PATH}}; these are looked up each time they are read, so that a rotated secret is seen without a
 * restart.
 *
 * <p>Immutable and safe to share between threads. Reading a name that the spec does not have is a bug of the plugin and
 * throws {@link IllegalArgumentException}; a reference that cannot be looked up throws {@link IllegalStateException}.
 */
public final class Settings {
    private static final String MASK = "••••";

    private final ConfigSpec spec;
    private final Map<String, String> raw;
    private final UnaryOperator<@Nullable String> environment;

    private Settings(ConfigSpec spec, Map<String, String> raw, UnaryOperator<@Nullable String> environment) {
        this.spec = spec;
        this.raw = new TreeMap<>(raw);
        this.environment = environment;
    }

    /**
     * Settings from what a person wrote; references are looked up in this process's environment.
     *
     * @throws TransportConfigException with every problem, if there is any
     */
    public static Settings of(ConfigSpec spec, Map<String, String> raw) throws TransportConfigException {
        return of(spec, raw, System::getenv);
    }

    /**
     * Settings from what a person wrote.
     *
     * @param environment looks up an environment variable; null if it is not set
     * @throws TransportConfigException with every problem, if there is any
     */
    public static Settings of(ConfigSpec spec, Map<String, String> raw, UnaryOperator<@Nullable String> environment)
            throws TransportConfigException {
        List<ConfigProblem> problems = spec.validate(raw);
        if (!problems.isEmpty()) {
            throw new TransportConfigException(problems);
        }
        return new Settings(spec, raw, environment);
    }

    /** The text of a setting, its default, or empty. */
    public Optional<String> text(String name) {
        ConfigKey key = spec.find(name)
                .orElseThrow(() -> new IllegalArgumentException("the config spec has no key '" + name + "'"));
        String text = raw.get(name);
        return text == null ? key.defaultValue() : Optional.of(SecretReference.resolve(text, environment));
    }

    /** A setting of type FLAG; false if it is not set and has no default. */
    public boolean flag(String name) {
        return text(name).map(value -> read(name, value, ConfigValue::flag)).orElse(false);
    }

    /** A setting of type NUMBER that is set or has a default. */
    public long number(String name) {
        return read(name, required(name), ConfigValue::number);
    }

    /** A setting of type DURATION that is set or has a default. */
    public Duration duration(String name) {
        return read(name, required(name), ConfigValue::duration);
    }

    /** A setting of type SIZE that is set or has a default, in bytes. */
    public long sizeBytes(String name) {
        return read(name, required(name), ConfigValue::sizeBytes);
    }

    /** A setting of type LIST; empty if it is not set. */
    public List<String> list(String name) {
        return text(name).map(ConfigValue::list).orElse(List.of());
    }

    /** The settings of a group such as {@code headers.*}, by the free part of their names. */
    public Map<String, String> group(String groupName) {
        String prefix = groupName.substring(0, groupName.length() - 1);
        Map<String, String> members = new LinkedHashMap<>();
        raw.forEach((name, text) -> {
            if (name.startsWith(prefix)) {
                members.put(name.substring(prefix.length()), SecretReference.resolve(text, environment));
            }
        });
        return members;
    }

    private String required(String name) {
        return text(name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not set and has no default"));
    }

    /** A value behind a reference could not be checked beforehand, so a bad one is found here. */
    private static <T> T read(String name, String value, java.util.function.Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException | ArithmeticException badValue) {
            throw new IllegalStateException(name + ": " + badValue.getMessage(), badValue);
        }
    }

    /** Every setting that was made, secrets masked. */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        raw.forEach((name, text) -> shown.put(
                name,
                spec.find(name).map(ConfigKey::secret).orElse(true) && !SecretReference.isReference(text)
                        ? MASK
                        : text));
        return shown.toString();
    }
}
