package dev.tidesync.cli;

/** What the command's exit code tells a script. */
final class ExitCode {
    /** Done as asked. */
    static final int OK = 0;
    /** Not done: an unknown id, a refused decision, a failing outbox. */
    static final int FAILED = 1;
    /** Asked for something that makes no sense; for a batch, at least one line was refused. */
    static final int BAD_INPUT = 2;
    /** The outbox is empty but for operations that failed for good. */
    static final int SOME_FAILED_FOR_GOOD = 3;
    /** What is left can never go, since no transport serves it. */
    static final int NO_ROUTE = 4;
    /** The time allowed was over first. */
    static final int TIME_UP = 5;

    private ExitCode() {}
}
