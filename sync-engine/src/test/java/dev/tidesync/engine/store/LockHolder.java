package dev.tidesync.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that holds an outbox, says so in a file, and lets go when its standard input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
        Path outbox = Path.of(arguments[0]);
        try (FileOutboxStore store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(outbox)
                .holder("tidesync run")
                .build())) {
            Files.writeString(Path.of(arguments[1]), store.defaultOwner());
            while (System.in.read() >= 0) {
                // wait for the end
            }
        }
    }
}
