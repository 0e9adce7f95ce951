package dev.tidesync.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings that a plugin takes, and the check of what a person wrote against them. Immutable. */
public final class ConfigSpec {
    /** One slip for so many letters: further apart, a known key is no plausible correction of an unknown one. */
    private static final int LETTERS_PER_SLIP = 3;

    private final List<ConfigKey> keys;

    private ConfigSpec(List<ConfigKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** A builder of an empty spec. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings, in the order they were declared. */
    public List<ConfigKey> keys() {
        return keys;
    }

    /** The setting that the given name belongs to, groups included. */
    public Optional<ConfigKey> find(String name) {
        Optional<ConfigKey> exact =
                keys.stream().filter(key -> key.name().equals(name)).findFirst();
        return exact.isPresent()
                ? exact
                : keys.stream().filter(key -> key.covers(name)).findFirst();
    }

    /**
     * Everything that is wrong with the given texts: unknown names, each with the nearest known one, values of another
     * shape, and missing required settings. A value that refers to a secret, as {@code ${env:NAME}}, is not read.
     */
    public List<ConfigProblem> validate(Map<String, String> raw) {
        List<ConfigProblem> problems = new ArrayList<>();
        raw.forEach((name, text) -> find(name)
                .ifPresentOrElse(
                        key -> checkValue(key, name, text, problems),
                        () -> problems.add(new ConfigProblem(name, unknown(name)))));
        for (ConfigKey key : keys) {
            if (key.required() && !raw.containsKey(key.name())) {
                problems.add(new ConfigProblem(key.name(), "is required: " + key.doc()));
            }
        }
        return problems;
    }

    private static void checkValue(ConfigKey key, String name, String text, List<ConfigProblem> problems) {
        if (SecretReference.isReference(text)) {
            return;
        }
        try {
            key.type().parse(text);
        } catch (IllegalArgumentException | ArithmeticException badValue) {
            problems.add(new ConfigProblem(
                    name,
                    key.secret() ? "expected " + key.type().expectation() : String.valueOf(badValue.getMessage())));
            return;
        }
        if (!key.choices().isEmpty() && !key.choices().contains(text)) {
            problems.add(new ConfigProblem(
                    name, "expected one of " + key.choices() + (key.secret() ? "" : " but was '" + text + "'")));
        }
    }

    private String unknown(String name) {
        return nearest(name)
                .map(known -> "is not a known key; did you mean '" + known + "'?")
                .orElse("is not a known key; known keys: "
                        + keys.stream().map(ConfigKey::name).toList());
    }

    /** The known name that is most like the given one, if any is at all like it. */
    public Optional<String> nearest(String name) {
        String best = null;
        int bestDistance = Math.max(1, name.length() / LETTERS_PER_SLIP) + 1;
        for (ConfigKey key : keys) {
            int distance = distance(name, key.name());
            if (distance < bestDistance) {
                best = key.name();
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance (Wagner and Fischer, 1974). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** Builds a spec. Not safe for use by several threads. */
    public static final class Builder {
        private final Map<String, ConfigKey> keys = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds a setting.
         *
         * @throws IllegalArgumentException if its name is taken
         */
        public Builder key(ConfigKey key) {
            if (keys.putIfAbsent(key.name(), key) != null) {
                throw new IllegalArgumentException("config key '" + key.name() + "' is declared twice");
            }
            return this;
        }

        /** The spec. */
        public ConfigSpec build() {
            return new ConfigSpec(new ArrayList<>(keys.values()));
        }
    }
}
