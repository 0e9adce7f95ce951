/** Tests of the embedded store. */
@NullMarked
package dev.tidesync.engine.store;

import org.jspecify.annotations.NullMarked;
