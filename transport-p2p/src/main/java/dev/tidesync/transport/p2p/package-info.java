/**
 * The plugin that carries {@code p2p.message} operations between nodes. A {@link P2pTransport} hands an operation to
 * the {@link Node}, which has one {@link Remote} for each peer it sends to and one {@link Link} for each connection;
 * {@link Dialing} makes connections, {@link Listener} takes them, {@link Reception} puts what arrives into the inbox.
 */
@NullMarked
package dev.tidesync.transport.p2p;

import org.jspecify.annotations.NullMarked;
