package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.SyncEngine;
import java.nio.file.Path;

/** The README's ten lines: hand over an operation, and let the engine deliver it in the background. */
public final class QuickStart {
    private QuickStart() {}

    /** Delivers one operation; the arguments are a data directory and a URL. */
    public static void main(String[] args) {
        // begin README
        try (SyncEngine sync = SyncEngine.open(Path.of(args[0]))) {
            sync.start();
            String id = sync.enqueue(Operation.of("http.post", args[1], "{\"text\":\"hello offline\"}"));
            System.out.println(id + " is on disk, and will arrive");
        }
        // end README
    }
}
