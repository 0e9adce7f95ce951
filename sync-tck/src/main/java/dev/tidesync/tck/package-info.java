/** Contract tests: extend one, hand it your implementation, and its rules run against it. */
@NullMarked
package dev.tidesync.tck;

import org.jspecify.annotations.NullMarked;
