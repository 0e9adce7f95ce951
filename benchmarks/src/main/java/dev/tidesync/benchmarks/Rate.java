package dev.tidesync.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** Repeats measurements and keeps the medians, so that one stall of the machine does not decide. */
final class Rate {
    private static final int ROUNDS = 5;

    private Rate() {}

    /** The median over several rounds of how many per second {@code work} did; {@code work} returns how many it did. */
    static double median(Callable<Integer> work) throws Exception {
        return medians(Map.of("", work)).values().iterator().next();
    }

    /**
     * As {@link #median} of each, taking turns: a slow moment of the machine meets all that is compared. A round before
     * the first that counts warms up.
     */
    static Map<String, Double> medians(Map<String, Callable<Integer>> works) throws Exception {
        Map<String, double[]> rates = new LinkedHashMap<>();
        for (int round = -1; round < ROUNDS; round++) {
            for (Map.Entry<String, Callable<Integer>> work : works.entrySet()) {
                double rate = rate(work.getValue());
                if (round >= 0) {
                    rates.computeIfAbsent(work.getKey(), unseen -> new double[ROUNDS])[round] = rate;
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        rates.forEach((name, all) -> medians.put(name, median(all)));
        return medians;
    }

    private static double rate(Callable<Integer> work) throws Exception {
        long begun = System.nanoTime();
        int done = work.call();
        return done * 1e9 / (System.nanoTime() - begun);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    static void print(String what, double perSecond) {
        System.out.printf(Locale.ROOT, "  %-58s %,12.0f /s%n", what, perSecond);
    }

    static void print(String what, double perSecond, double limit) {
        System.out.printf(Locale.ROOT, "  %-58s %,12.0f /s  %5.2f of the limit%n", what, perSecond, perSecond / limit);
    }

    /** Measures works against the first of them, which is the limit, and prints all. */
    static void compare(Map<String, Callable<Integer>> works) throws Exception {
        Map<String, Double> medians = medians(works);
        String first = works.keySet().iterator().next();
        double limit = medians.values().iterator().next(); // in the order of the works
        medians.forEach((name, rate) -> {
            if (name.equals(first)) {
                print(name, rate);
            } else {
                print(name, rate, limit);
            }
        });
    }
}
