@NullMarked
package dev.tidesync.transport.p2p.identity;

import org.jspecify.annotations.NullMarked;
