@NullMarked
package dev.tidesync.transport.p2p;

import org.jspecify.annotations.NullMarked;
