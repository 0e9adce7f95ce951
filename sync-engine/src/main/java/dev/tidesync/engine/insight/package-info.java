/** What people and programs are told of a running engine: why an operation has not gone, and how destinations stand. */
@NullMarked
package dev.tidesync.engine.insight;

import org.jspecify.annotations.NullMarked;
