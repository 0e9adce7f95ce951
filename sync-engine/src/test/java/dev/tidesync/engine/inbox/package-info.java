/** Tests of the inbox. */
@NullMarked
package dev.tidesync.engine.inbox;

import org.jspecify.annotations.NullMarked;
