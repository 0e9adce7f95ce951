/** The {@code tidesync} command: a class a subcommand, and what they share. */
@NullMarked
package dev.tidesync.cli;

import org.jspecify.annotations.NullMarked;
