/** What is left after a process was killed, again and again. */
@NullMarked
package dev.tidesync.engine.crash;

import org.jspecify.annotations.NullMarked;
