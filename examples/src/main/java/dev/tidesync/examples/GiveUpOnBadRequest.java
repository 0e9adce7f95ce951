package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;

/** A request that no retry can mend: it is buried, and the transport is not called for it again. */
public final class GiveUpOnBadRequest {
    private GiveUpOnBadRequest() {}

    /** Runs the example in the directory that is its only argument. */
    public static void main(String[] args) {
        Result result = run(Path.of(args[0]));
        System.out.println(result.operation() + ", sent " + result.calls() + " time(s)");
    }

    record Result(Operation operation, long calls) {}

    static Result run(Path directory) {
        long t0 = 1_000_000_000_000L;
        try (Scene scene = new Scene(directory, "give-up")) {
            scene.http.setRuleForTarget("/api/messages", FakeTransport.Rule.permanent("bad request"));
            String id = scene.enqueue("{\"text\":\"invalid data\"}", t0);
            scene.engine.tick(t0);
            scene.engine.tick(t0 + 10_000);
            return new Result(scene.saved(id), scene.http.callCount());
        }
    }
}
