@NullMarked
package dev.tidesync.engine.outbox;

import org.jspecify.annotations.NullMarked;
