/**
 * The receiving end of the WebSocket transport: a server that hands operations to an inbox and acknowledges them once
 * they are durable. {@link dev.tidesync.transport.ws.receiver.WsReceiver} is the way in.
 */
@NullMarked
package dev.tidesync.transport.ws.receiver;

import org.jspecify.annotations.NullMarked;
