/** {@code tidesync demo}: the promise of the whole, shown on loopback with a process killed for real. */
@NullMarked
package dev.tidesync.cli.demo;

import org.jspecify.annotations.NullMarked;
