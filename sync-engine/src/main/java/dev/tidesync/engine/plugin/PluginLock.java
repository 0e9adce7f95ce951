package dev.tidesync.engine.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 of every JAR in plugin folders at the time that somebody vouched for them. Immutable.
 *
 * <p>Its file has the format of {@code sha256sum}: a line for each JAR, with its path below the plugin folder.
 */
public final class PluginLock {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");
    private static final String HEAD = "# JARs of plugins that may be loaded; written by 'tidesync plugins lock'";
    private static final String CURE =
            "if you trust it as it is, run 'tidesync plugins lock'; if not, install it again from its source";

    /** By path below a plugin folder; two folders may hold different JARs under one path. */
    private final SortedMap<String, SortedSet<String>> hashes;

    private PluginLock(SortedMap<String, SortedSet<String>> hashes) {
        this.hashes = hashes;
    }

    /**
     * A lock on everything that now lies in these folders.
     *
     * @throws IOException if anything of it cannot be read
     */
    public static PluginLock of(Collection<Path> folders) throws IOException {
        SortedMap<String, SortedSet<String>> hashes = new TreeMap<>();
        for (Path folder : folders) {
            for (PluginFolder.Entry entry : PluginFolder.entries(folder)) {
                hashesOf(entry).forEach((path, hash) -> add(hashes, path, hash));
            }
        }
        return new PluginLock(hashes);
    }

    /**
     * Reads a lock file.
     *
     * @throws IOException if it cannot be read, or a line has another shape
     */
    public static PluginLock read(Path file) throws IOException {
        SortedMap<String, SortedSet<String>> hashes = new TreeMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            Matcher shape = LINE.matcher(line);
            if (shape.matches()) {
                add(hashes, shape.group(2), shape.group(1));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IOException(file + ", line " + number + ": expected a SHA-256 and a path but was '" + line
                        + "'; write the file anew with 'tidesync plugins lock'");
            }
        }
        return new PluginLock(hashes);
    }

    private static void add(Map<String, SortedSet<String>> hashes, String path, String hash) {
        hashes.computeIfAbsent(path, unseen -> new TreeSet<>()).add(hash);
    }

    /**
     * Writes it, instead of what the file holds.
     *
     * @throws IOException if it cannot be written; the file is then as it was
     */
    public void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        hashes.forEach((path, known) -> known.forEach(hash -> lines.add(hash + "  " + path)));
        Path absolute = file.toAbsolutePath();
        Path draft = Files.createTempFile(absolute.getParent(), "plugins", ".lock");
        try {
            Files.write(draft, lines);
            Files.move(draft, absolute, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** How many JARs it holds. */
    public int size() {
        return hashes.values().stream().mapToInt(Collection::size).sum();
    }

    /**
     * Everything in these folders that is not as it was when it was locked, a sentence for each plugin.
     *
     * @throws IOException if anything of it cannot be read
     */
    public List<String> differences(Collection<Path> folders) throws IOException {
        List<String> differences = new ArrayList<>();
        SortedSet<String> unseen = new TreeSet<>(hashes.keySet());
        for (Path folder : folders) {
            for (PluginFolder.Entry entry : PluginFolder.entries(folder)) {
                unseen.removeIf(path -> isOf(entry, path));
                objectionTo(entry).ifPresent(objection -> differences.add(entry.path() + " " + objection.problem()));
            }
        }
        unseen.forEach(path -> differences.add(path + " is locked, but not there"));
        return differences;
    }

    /** What keeps this plugin from being loaded: a JAR that is new, changed or gone. */
    Optional<PluginFailure> objectionTo(PluginFolder.Entry entry) throws IOException {
        Map<String, String> found = hashesOf(entry);
        for (Map.Entry<String, String> jar : found.entrySet()) {
            SortedSet<String> known = hashes.get(jar.getKey());
            if (known == null) {
                return Optional.of(new PluginFailure("has a JAR that is not locked: " + jar.getKey(), CURE));
            }
            if (!known.contains(jar.getValue())) {
                return Optional.of(new PluginFailure("has changed since it was locked: " + jar.getKey(), CURE));
            }
        }
        return hashes.keySet().stream()
                .filter(path -> isOf(entry, path) && !found.containsKey(path))
                .findFirst()
                .map(path -> new PluginFailure("lacks a JAR that is locked: " + path, CURE));
    }

    private static boolean isOf(PluginFolder.Entry entry, String path) {
        return path.equals(entry.name()) || path.startsWith(entry.name() + "/");
    }

    private static SortedMap<String, String> hashesOf(PluginFolder.Entry entry) throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        for (Path jar : entry.jars()) {
            String path = jar.equals(entry.path()) ? entry.name() : entry.name() + "/" + jar.getFileName();
            found.put(path, sha256(jar));
        }
        return found;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
