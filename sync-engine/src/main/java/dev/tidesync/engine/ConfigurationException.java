package dev.tidesync.engine;

import dev.tidesync.spi.ConfigProblem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration is wrong. Carries all problems, not only the first, each with file and line where it has them. */
public final class ConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems;

    /** All that is wrong; at least one problem. */
    ConfigurationException(List<ConfigProblem> problems) {
        super(describe(problems));
        this.problems = List.copyOf(problems);
    }

    private static String describe(List<ConfigProblem> problems) {
        return problems.size() == 1
                ? "configuration: " + problems.get(0)
                : problems.stream()
                        .map(ConfigProblem::toString)
                        .collect(Collectors.joining(
                                "\n  ", "the configuration has " + problems.size() + " problems:\n  ", ""));
    }

    /** All that is wrong. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
