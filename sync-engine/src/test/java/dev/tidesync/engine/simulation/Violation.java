package dev.tidesync.engine.simulation;

/** A promise that was broken: names the invariant and the operation. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String invariant, String what) {
        super(invariant + ": " + what);
    }
}
