/** Tests of the dialects. */
@NullMarked
package dev.tidesync.transport.ws.dialect;

import org.jspecify.annotations.NullMarked;
