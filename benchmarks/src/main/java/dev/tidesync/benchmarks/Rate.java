package dev.tidesync.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Repeats a measurement and keeps the median, so that one stall of the machine does not decide. */
final class Rate {
    private static final int ROUNDS = 5;

    private Rate() {}

    /** The median over several rounds of how many per second {@code work} did; {@code work} returns how many it did. */
    static double median(Callable<Integer> work) throws Exception {
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            int done = work.call();
            rates[round] = done * 1e9 / (System.nanoTime() - begun);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    static void print(String what, double perSecond) {
        System.out.printf(Locale.ROOT, "  %-58s %,12.0f /s%n", what, perSecond);
    }

    static void print(String what, double perSecond, double limit) {
        System.out.printf(Locale.ROOT, "  %-58s %,12.0f /s  %5.2f of the limit%n", what, perSecond, perSecond / limit);
    }
}
