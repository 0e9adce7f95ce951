@NullMarked
package dev.tidesync.engine.wal;

import org.jspecify.annotations.NullMarked;
