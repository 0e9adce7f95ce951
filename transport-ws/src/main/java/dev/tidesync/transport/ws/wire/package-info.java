/** What both ends of a connection add to the library's protocol. */
@NullMarked
package dev.tidesync.transport.ws.wire;

import org.jspecify.annotations.NullMarked;
