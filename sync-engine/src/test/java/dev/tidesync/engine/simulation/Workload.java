package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import java.util.random.RandomGenerator;

/** The application's operations: of all sizes, in lanes and outside, some delayed, some that expire. */
final class Workload {
    private static final String[] KINDS = {"sim.post", "sim.post", "sim.put", "late.send"};
    private static final String[] TARGETS = {"https://one.example/inbox", "/relative", "peer-3"};
    private static final int SMALL_BYTES = 400;
    private static final int LARGE_BYTES = 20 * 1024;
    private static final long HOUR_MS = 3_600_000;

    private final RandomGenerator random;
    private final int lanes;
    private int count;

    Workload(RandomGenerator random, int lanes) {
        this.random = random;
        this.lanes = lanes;
    }

    /** Another operation, complete but for its times. */
    Operation next(long nowMs) {
        String id = "op-" + ++count;
        Operation.Builder operation = Operation.builder()
                .id(id)
                .idempotencyKey(random.nextBoolean() ? "key-of-" + id : id)
                .kind(KINDS[random.nextInt(KINDS.length)])
                .target(TARGETS[random.nextInt(TARGETS.length)])
                .payload(payload());
        if (random.nextInt(3) == 0) {
            operation.header("Content-Type", "application/octet-stream");
        }
        if (lanes > 0 && random.nextInt(3) > 0) {
            operation.orderingKey("lane-" + random.nextInt(lanes));
        }
        if (random.nextInt(8) == 0) {
            operation.nextRetryAtMs(nowMs + 1 + random.nextLong(HOUR_MS));
        }
        if (random.nextInt(8) == 0) {
            operation.expiresAtMs(nowMs + 1 + random.nextLong(random.nextBoolean() ? 5_000 : HOUR_MS));
        }
        return operation.build();
    }

    /** Never all zero: a sector that was lost reads as zeros, and must not pass for a payload. */
    private byte[] payload() {
        int largest = random.nextInt(20) == 0 ? LARGE_BYTES : SMALL_BYTES;
        byte[] payload = new byte[1 + random.nextInt(largest)];
        random.nextBytes(payload);
        payload[0] |= 1;
        return payload;
    }
}
