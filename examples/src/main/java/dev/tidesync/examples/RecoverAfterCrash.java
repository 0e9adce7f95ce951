package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import java.nio.file.Path;
import java.util.List;

/**
 * A crash between claim and outcome: when the lease has run out, the engine takes the operation back and delivers it.
 */
public final class RecoverAfterCrash {
    private RecoverAfterCrash() {}

    /** Runs the example in the directory that is its only argument. */
    public static void main(String[] args) {
        run(Path.of(args[0])).forEach(System.out::println);
    }

    static List<Operation> run(Path directory) {
        long t0 = 1_000_000_000_000L;
        try (Scene scene = new Scene(directory, "recover")) {
            String id = scene.enqueue("{\"text\":\"recover me\"}", t0);
            scene.outbox.claim(id, t0);
            Operation claimed = scene.saved(id);

            scene.engine.tick(t0 + 60);
            scene.engine.tick(t0 + 61);
            return List.of(claimed, scene.saved(id));
        }
    }
}
