package dev.tidesync.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The files of a log, read with nothing around it: the limit of what opening or checking it may take. */
record LogFiles(List<Path> files) {
    static LogFiles in(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return new LogFiles(all.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList());
        }
    }

    /** Reads all bytes; in how many seconds. */
    double readAll() throws IOException {
        byte[] buffer = new byte[1 << 20];
        long start = System.nanoTime();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                while (in.read(buffer) >= 0) {
                    // only the reading counts
                }
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Maps all bytes and takes one checksum of them; in how many seconds. */
    double checkAll() throws IOException {
        CRC32C crc = new CRC32C();
        long start = System.nanoTime();
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                crc.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
            }
        }
        if (crc.getValue() == 0) {
            throw new AssertionError("the checksum of a log is not zero");
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
