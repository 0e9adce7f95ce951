/** A transport that does as it is told, for testing code that uses Tidesync. */
@NullMarked
package dev.tidesync.transport.fake;

import org.jspecify.annotations.NullMarked;
