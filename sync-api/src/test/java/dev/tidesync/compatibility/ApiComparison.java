package dev.tidesync.compatibility;

import dev.tidesync.spi.HostImplemented;
import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiCompatibilityChange;
import japicmp.model.JApiCompatibilityChangeType;
import japicmp.model.JApiConstructor;
import japicmp.model.JApiField;
import japicmp.model.JApiMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * What in a newer API breaks plugins that were compiled against an older one, or would keep their sources from
 * compiling. Interfaces that the host implements may gain methods.
 */
final class ApiComparison {
    private static final Set<JApiCompatibilityChangeType> HOSTS_AFFAIR = Set.of(
            JApiCompatibilityChangeType.METHOD_ADDED_TO_INTERFACE,
            JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_IMPLEMENTED_INTERFACE);

    private final List<String> breaks = new ArrayList<>();

    private ApiComparison() {}

    /** Every break, a line each. */
    static List<String> breaks(Path olderJar, Path newerJar) {
        JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
        options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
        ApiComparison comparison = new ApiComparison();
        new JarArchiveComparator(options)
                .compare(new JApiCmpArchive(olderJar.toFile(), "older"), new JApiCmpArchive(newerJar.toFile(), "newer"))
                .forEach(comparison::add);
        return comparison.breaks;
    }

    private void add(JApiClass type) {
        String name = type.getFullyQualifiedName();
        boolean hosts = type.getNewClass()
                .map(found -> found.hasAnnotation(HostImplemented.class.getName()))
                .orElse(false);
        add(name, type, hosts);
        type.getInterfaces().forEach(ancestor -> add(name, ancestor, hosts));
        add(name, type.getSuperclass(), hosts);
        for (JApiField field : type.getFields()) {
            add(name + "." + field.getName(), field, hosts);
        }
        for (JApiConstructor constructor : type.getConstructors()) {
            add(name + "()", constructor, hosts);
        }
        for (JApiMethod method : type.getMethods()) {
            add(name + "." + method.getName() + "()", method, hosts);
        }
    }

    private void add(String what, JApiCompatibility changed, boolean hosts) {
        for (JApiCompatibilityChange change : changed.getCompatibilityChanges()) {
            boolean harmless = change.isBinaryCompatible() && change.isSourceCompatible();
            if (!harmless && !(hosts && HOSTS_AFFAIR.contains(change.getType()))) {
                breaks.add(what + ": " + change.getType());
            }
        }
    }

    /** The classes of a directory as a JAR. */
    static Path pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
