package dev.tidesync.cli;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the name of the command among the arguments, before they are parsed. */
final class FirstWord {
    private static final Set<String> OPTIONS_WITH_VALUE = Set.of("--data", "--config", "--set");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private FirstWord() {}

    /** The first argument that is neither an option nor an option's value, if it looks like a command's name. */
    static Optional<String> of(String... args) {
        for (int i = 0; i < args.length; i++) {
            if (OPTIONS_WITH_VALUE.contains(args[i])) {
                i++;
            } else if (!args[i].startsWith("-")) {
                return Optional.of(args[i]).filter(NAME.asMatchPredicate());
            }
        }
        return Optional.empty();
    }
}
