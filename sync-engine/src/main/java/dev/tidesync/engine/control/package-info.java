/**
 * The door through which other processes reach an outbox that one process owns: a Unix-domain socket that speaks lines
 * of JSON, the JSON form of operations, and {@link dev.tidesync.engine.control.OutboxAccess}, which is the same on both
 * sides of it.
 */
@NullMarked
package dev.tidesync.engine.control;

import org.jspecify.annotations.NullMarked;
