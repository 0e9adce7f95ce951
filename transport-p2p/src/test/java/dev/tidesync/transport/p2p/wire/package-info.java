@NullMarked
package dev.tidesync.transport.p2p.wire;

import org.jspecify.annotations.NullMarked;
