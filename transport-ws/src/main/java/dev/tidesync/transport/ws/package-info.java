/**
 * The WebSocket transport: one connection a destination, a window of acknowledged operations on it, and delivered only
 * when the other side says so.
 */
@NullMarked
package dev.tidesync.transport.ws;

import org.jspecify.annotations.NullMarked;
