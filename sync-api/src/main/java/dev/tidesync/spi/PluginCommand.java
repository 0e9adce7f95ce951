package dev.tidesync.spi;

import java.util.List;

/**
 * A command that a plugin adds to {@code tidesync}: whoever brings a transport that a person has to look after brings
 * the words for it too. Found by {@link java.util.ServiceLoader} beside the plugin's other providers; an implementation
 * is a public class with a public constructor without parameters, named in
 * {@code META-INF/services/dev.tidesync.spi.PluginCommand} and, if it is in a module, in a {@code provides} clause.
 */
public interface PluginCommand {
    /** The word after {@code tidesync}: lower-case letters, digits and hyphens. The command's own words beat it. */
    String name();

    /** The plugin whose settings the command reads: those of the instance that is named like it. */
    String pluginId();

    /** The settings it reads; usually the plugin's own. */
    ConfigSpec configSpec();

    /**
     * Does what the words ask for.
     *
     * @param words what followed the name, without the options that every command takes
     * @return the process's exit code: 0 done, 1 not done, 2 asked for something that makes no sense
     * @throws IllegalArgumentException if the words make no sense; its message is shown
     * @throws Exception if it failed; its message is shown
     */
    int run(List<String> words, CommandContext context) throws Exception;
}
