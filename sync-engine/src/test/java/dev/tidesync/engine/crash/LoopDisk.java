package dev.tidesync.engine.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real file system in an image file, whose power can be cut: the {@code shutdown} ioctl of ext4 and XFS stops all
 * writing at once and does not even flush the file system's own journal. Needs root, loop devices and {@code xfs_io}.
 */
final class LoopDisk implements AutoCloseable {
    private static final long IMAGE_BYTES = 320L * 1024 * 1024;
    private static final int COMMAND_SECONDS = 60;

    private final Path image;
    private final Path mountPoint;
    private boolean frozen;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Makes and mounts a disk below a directory; skips the test, and says why, where that cannot be done. */
    static LoopDisk make(Path directory, String fileSystem) throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && Files.isWritable(Path.of("/dev/loop-control")),
                "skipped: a loop device is needed to cut the power of a file system, and root to use it");
        for (String tool : List.of("mkfs." + fileSystem, "xfs_io", "fsfreeze", "mount", "umount")) {
            assumeTrue(isInstalled(tool), "skipped: " + tool + " is not installed");
        }
        Path image = directory.resolve(fileSystem + ".img");
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        Path mountPoint = Files.createDirectories(directory.resolve(fileSystem));
        command("mkfs." + fileSystem, "-q", image.toString());
        LoopDisk disk = new LoopDisk(image, mountPoint);
        try {
            disk.mount();
        } catch (AssertionError refused) {
            assumeTrue(false, "skipped: this machine mounts no loop device: " + refused.getMessage());
        }
        try {
            disk.freeze();
            disk.unfreeze();
            disk.cutPower();
            disk.restorePower();
        } catch (AssertionError refused) {
            disk.close();
            assumeTrue(false, "skipped: this machine stops no file system: " + refused.getMessage());
        }
        return disk;
    }

    private static boolean isInstalled(String tool) {
        return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
    }

    /** Where files can be put. */
    Path root() {
        return mountPoint;
    }

    /** From now on every write and every force fails, and what was not on the disk by now never will be. */
    void cutPower() {
        command("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
    }

    /** Brings the disk back with what it held when the power was cut. All files must have been closed. */
    void restorePower() {
        command("umount", mountPoint.toString());
        mount();
    }

    /** From now on writes hang, without an error. */
    void freeze() {
        command("fsfreeze", "-f", mountPoint.toString());
        frozen = true;
    }

    /** Lets writes go on. */
    void unfreeze() {
        frozen = false;
        command("fsfreeze", "-u", mountPoint.toString());
    }

    private void mount() {
        command("mount", "-o", "loop", image.toString(), mountPoint.toString());
    }

    @Override
    public void close() throws IOException {
        if (frozen) {
            unfreeze();
        }
        command("umount", "-l", mountPoint.toString());
        Files.delete(image);
    }

    private static void command(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output;
            try (InputStream text = process.getInputStream()) {
                output = new String(text.readAllBytes(), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", words) + " failed: " + output.strip());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
