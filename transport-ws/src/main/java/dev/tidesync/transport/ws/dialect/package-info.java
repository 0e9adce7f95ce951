/** The languages that the WebSocket transport speaks, and the interface for further ones. */
@NullMarked
package dev.tidesync.transport.ws.dialect;

import org.jspecify.annotations.NullMarked;
