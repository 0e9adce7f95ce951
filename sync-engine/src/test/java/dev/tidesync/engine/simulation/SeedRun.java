package dev.tidesync.engine.simulation;

import java.util.function.LongFunction;

/** Runs one seed: the answer is empty if every promise was kept, or else says which was not and how to see it again. */
public final class SeedRun implements LongFunction<String> {
    /** Needed to make one in another class loader. */
    public SeedRun() {}

    @Override
    public String apply(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
            return "";
        } catch (Violation | RuntimeException failure) {
            return describe(seed, simulation, failure);
        }
    }

    private static String describe(long seed, Simulation simulation, Throwable failure) {
        StringBuilder text = new StringBuilder("seed " + seed + ": " + failure);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append("\n    ").append(cause);
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (frame.getClassName().startsWith("dev.tidesync")) {
                    text.append("\n        at ").append(frame);
                }
            }
        }
        return text.append("\nlast events:\n")
                .append(simulation.events().lastEvents())
                .append("\nto see it again: ./mvnw -pl sync-engine -am test -Dtest=PowerCutSimulationTest")
                .append(" -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=")
                .append(seed)
                .toString();
    }
}
