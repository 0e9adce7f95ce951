package dev.tidesync.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes projects from the archetype as {@code mvn archetype:generate} does, without Maven. The templates use names in
 * braces alone, nothing else of Velocity; {@code ArchetypeIT} holds them to that.
 */
final class Archetype {
    private static final String TEMPLATES = "/archetype-resources";

    private Archetype() {}

    /** Makes a project from these properties: {@code groupId}, {@code artifactId}, {@code version} and so on. */
    static void generate(Map<String, String> properties, Path project) throws IOException, URISyntaxException {
        URL templates = Objects.requireNonNull(Archetype.class.getResource(TEMPLATES), "the archetype's JAR");
        if (templates.getProtocol().equals("file")) {
            expandAll(Path.of(templates.toURI()), properties, project);
            return;
        }
        String jar = templates.toString().replaceFirst("!.*", "");
        try (FileSystem files = FileSystems.newFileSystem(URI.create(jar), Map.of())) {
            expandAll(files.getPath(TEMPLATES), properties, project);
        }
    }

    private static void expandAll(Path templates, Map<String, String> properties, Path project) throws IOException {
        try (Stream<Path> files = Files.walk(templates)) {
            for (Path template : files.filter(Files::isRegularFile).toList()) {
                Path file = project.resolve(place(templates.relativize(template).toString(), properties));
                Files.createDirectories(file.getParent());
                Files.writeString(file, expand(Files.readString(template), properties));
            }
        }
    }

    /** Java sources lie in the folder of their package, as the archetype's file sets say. */
    private static String place(String template, Map<String, String> properties) {
        String folder = Objects.requireNonNull(properties.get("package")).replace('.', '/');
        String placed = template.endsWith("module-info.java")
                ? template
                : template.replaceFirst("^src/(main|test)/java/", "src/$1/java/" + folder + "/");
        for (Map.Entry<String, String> property : properties.entrySet()) {
            placed = placed.replace("__" + property.getKey() + "__", property.getValue());
        }
        return placed;
    }

    private static String expand(String template, Map<String, String> properties) {
        String expanded = template;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            expanded = expanded.replace("${" + property.getKey() + "}", property.getValue());
        }
        return expanded;
    }

    /** The archetype's description of itself, for Maven. */
    static String metadata() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Archetype.class.getResourceAsStream("/META-INF/maven/archetype-metadata.xml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
