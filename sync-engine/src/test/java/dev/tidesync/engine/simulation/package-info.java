/**
 * The whole engine on a simulated computer, whose power fails. One seed decides everything that happens; an oracle that
 * knows what was promised looks on; planted bugs show that it sees.
 */
@NullMarked
package dev.tidesync.engine.simulation;

import org.jspecify.annotations.NullMarked;
