package dev.tidesync.engine.plugin;

/**
 * One prefix that was compared with a kind on the way to its route.
 *
 * @param prefix the prefix
 * @param matches whether the kind begins with it
 * @param decisive whether it is the longest that does, so that it decides
 * @param outcome which transport serves the prefix and who said so, or why none does
 */
public record RouteStep(String prefix, boolean matches, boolean decisive, String outcome) {}
