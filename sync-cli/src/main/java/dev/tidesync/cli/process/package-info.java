/** Other processes of the {@code tidesync} command that a command starts. */
@NullMarked
package dev.tidesync.cli.process;

import org.jspecify.annotations.NullMarked;
