/** Whom a node knows: the peers that a person allowed, and those that knocked and wait for a word. */
@NullMarked
package dev.tidesync.transport.p2p.peers;

import org.jspecify.annotations.NullMarked;
