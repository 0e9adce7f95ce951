/**
 * What the engine needs of a file system beside its logs: who holds a directory, private files, and what went wrong.
 */
@NullMarked
package dev.tidesync.engine.disk;

import org.jspecify.annotations.NullMarked;
