package dev.tidesync.engine.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A {@code plugins/} folder: each folder in it, and each loose JAR, is one plugin. */
final class PluginFolder {
    /**
     * The files of one plugin.
     *
     * @param path its folder, or its loose JAR
     * @param jars its JARs, in the order of their names
     */
    record Entry(Path path, List<Path> jars) {
        String name() {
            return path.getFileName().toString();
        }

        /** Its name, that of a JAR without {@code .jar}. */
        String plainName() {
            return isJar(path) && jars.contains(path) ? name().substring(0, name().length() - ".jar".length()) : name();
        }
    }

    private PluginFolder() {}

    /** What lies in the folder, in the order of names; nothing if there is no such folder. */
    static List<Entry> entries(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path child : Files.isDirectory(folder) ? children(folder) : List.<Path>of()) {
            if (Files.isDirectory(child)) {
                entries.add(new Entry(
                        child,
                        children(child).stream().filter(PluginFolder::isJar).toList()));
            } else if (isJar(child)) {
                entries.add(new Entry(child, List.of(child)));
            }
        }
        return entries;
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar");
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }
}
