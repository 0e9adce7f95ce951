/** Finds transport plugins, starts them, and routes each operation by the prefix of its kind. */
@NullMarked
package dev.tidesync.engine.plugin;

import org.jspecify.annotations.NullMarked;
