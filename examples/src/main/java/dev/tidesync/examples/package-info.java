/** Programs to learn from. Each is a {@code main} of its own, and each is run by the build. */
@NullMarked
package dev.tidesync.examples;

import org.jspecify.annotations.NullMarked;
