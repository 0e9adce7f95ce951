package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;
import java.util.List;

/** A server that fails for a while: the first attempt is charged and a retry scheduled, a later one delivers. */
public final class RetryLater {
    private RetryLater() {}

    /** Runs the example in the directory that is its only argument. */
    public static void main(String[] args) {
        run(Path.of(args[0])).forEach(System.out::println);
    }

    static List<Operation> run(Path directory) {
        long t0 = 1_000_000_000_000L;
        try (Scene scene = new Scene(directory, "retry-later")) {
            scene.http.setRuleForTarget("/api/messages", FakeTransport.Rule.retryable("temporary error"));
            String id = scene.enqueue("{\"text\":\"retry me\"}", t0);
            scene.engine.tick(t0);
            Operation failed = scene.saved(id);

            scene.http.setRuleForTarget("/api/messages", FakeTransport.Rule.ok());
            scene.engine.tick(t0 + 10_000);
            return List.of(failed, scene.saved(id));
        }
    }
}
