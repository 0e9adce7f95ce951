/** What the C++ original got wrong, each defect a test. */
@NullMarked
package dev.tidesync.engine.seed;

import org.jspecify.annotations.NullMarked;
