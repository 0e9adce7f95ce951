/** Tests of the WebSocket transport. */
@NullMarked
package dev.tidesync.transport.ws;

import org.jspecify.annotations.NullMarked;
