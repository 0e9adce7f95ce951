/**
 * The home of the WebSocket transport. It has no provider so far, so {@code ws.} operations wait in the outbox,
 * uncharged, until a release brings one.
 */
@NullMarked
package dev.tidesync.transport.ws;

import org.jspecify.annotations.NullMarked;
