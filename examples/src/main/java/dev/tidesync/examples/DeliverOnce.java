package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import java.nio.file.Path;

/** The smallest complete setup: an operation is enqueued, the engine ticks, the operation is done. */
public final class DeliverOnce {
    private DeliverOnce() {}

    /** Runs the example in the directory that is its only argument. */
    public static void main(String[] args) {
        System.out.println(run(Path.of(args[0])));
    }

    static Operation run(Path directory) {
        try (Scene scene = new Scene(directory, "deliver-once")) {
            String id = scene.enqueue("{\"text\":\"hello offline\"}", 1_000_000_000_000L);
            scene.engine.tick(1_000_000_000_000L);
            return scene.saved(id);
        }
    }
}
