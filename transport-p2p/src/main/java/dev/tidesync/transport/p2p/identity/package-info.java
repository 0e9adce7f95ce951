/** Who a node is: its key, the certificate that carries it through TLS, and the id that people compare. */
@NullMarked
package dev.tidesync.transport.p2p.identity;

import org.jspecify.annotations.NullMarked;
