/** Values: what has to be done, how far it has come, and how one attempt at it ended. All are immutable. */
@NullMarked
package dev.tidesync.api;

import org.jspecify.annotations.NullMarked;
