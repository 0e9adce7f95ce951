@NullMarked
package dev.tidesync.engine;

import org.jspecify.annotations.NullMarked;
