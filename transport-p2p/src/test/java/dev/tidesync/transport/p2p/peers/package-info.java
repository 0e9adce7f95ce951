@NullMarked
package dev.tidesync.transport.p2p.peers;

import org.jspecify.annotations.NullMarked;
