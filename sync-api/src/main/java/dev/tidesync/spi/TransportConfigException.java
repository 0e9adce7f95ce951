package dev.tidesync.spi;

import java.util.List;
import java.util.stream.Collectors;

/** Settings are wrong. Carries all problems, not only the first. */
public final class TransportConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems;

    /** All that is wrong; at least one problem. */
    public TransportConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
