/** What compiled plugins rely on, and the proof that it stays. */
@NullMarked
package dev.tidesync.compatibility;

import org.jspecify.annotations.NullMarked;
