/** Figures, each measured beside its limit in the same run, since machines differ and are noisy. */
@NullMarked
package dev.tidesync.benchmarks;

import org.jspecify.annotations.NullMarked;
