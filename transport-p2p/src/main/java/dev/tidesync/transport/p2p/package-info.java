/**
 * The home of the P2P transport. It has no provider so far, so {@code p2p.} operations wait in the outbox, uncharged,
 * until a release brings one.
 */
@NullMarked
package dev.tidesync.transport.p2p;

import org.jspecify.annotations.NullMarked;
