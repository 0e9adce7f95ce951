package dev.tidesync.engine;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the keys of a configuration may begin with, and the short form of those that belong to transports. */
final class ConfigKeys {
    static final String TRANSPORTS = "transports.";
    static final String ROUTES = "routes.";

    private static final List<String> SECTIONS = Stream.concat(
                    Arrays.stream(ConfigSection.values()).map(ConfigSection::prefix), Stream.of(TRANSPORTS, ROUTES))
            .toList();

    private static final ConfigSpec SECTION_NAMES = sectionNames();

    private ConfigKeys() {}

    private static ConfigSpec sectionNames() {
        ConfigSpec.Builder names = ConfigSpec.builder();
        for (String section : SECTIONS) {
            names.key(ConfigKey.of(section.substring(0, section.length() - 1), ConfigType.TEXT, section));
        }
        return names.build();
    }

    /** The full form of a key: {@code http.base-url} is short for {@code transports.http.base-url}. */
    static String full(String key) {
        return key.indexOf('.') < 0 || SECTIONS.stream().anyMatch(key::startsWith) ? key : TRANSPORTS + key;
    }

    /** What is wrong with the shape of a key, given as it was written. */
    static Optional<ConfigProblem> problemOf(String written) {
        int dot = written.indexOf('.');
        String first = dot < 0 ? written : written.substring(0, dot);
        Optional<String> meant = SECTION_NAMES.nearest(first).filter(section -> !section.equals(first));
        if (meant.isPresent()) {
            return Optional.of(new ConfigProblem(
                    written,
                    "is not a known key; did you mean '" + meant.get() + (dot < 0 ? ".…" : written.substring(dot))
                            + "'?"));
        }
        if (dot < 0) {
            return Optional.of(new ConfigProblem(
                    written, "is not a known key; keys begin with the id of a plugin or one of " + SECTIONS));
        }
        String full = full(written);
        return full.startsWith(TRANSPORTS) && full.indexOf('.', TRANSPORTS.length()) < 0
                ? Optional.of(new ConfigProblem(written, "names no key; write transports.<instance>.<key>"))
                : Optional.empty();
    }
}
