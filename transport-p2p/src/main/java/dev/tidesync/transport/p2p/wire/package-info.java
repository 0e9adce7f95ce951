/** What two nodes say to each other, as bytes. */
@NullMarked
package dev.tidesync.transport.p2p.wire;

import org.jspecify.annotations.NullMarked;
