package dev.tidesync.transport.p2p.wire;

import dev.tidesync.api.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Bytes to try decoders with: noise, whole frames, and frames with a few bytes changed, cut or doubled. */
final class CborInputs {
    static final List<Frame> FRAMES = List.of(
            new Frame.Hello(1, "a".repeat(43), "laptop", "Tidesync/1", 1 << 20, 64, 4L << 20),
            new Frame.Op(
                    300,
                    Operation.builder()
                            .id("id-1")
                            .kind("p2p.message")
                            .target("laptop")
                            .payload("grüße")
                            .header("content-type", "text/plain")
                            .idempotencyKey("key-1")
                            .orderingKey("lane")
                            .createdAtMs(1_790_000_000_000L)
                            .expiresAtMs(1_800_000_000_000L)
                            .build()),
            new Frame.Ack(7, Optional.empty()),
            new Frame.Ack(7, Optional.of(new Frame.Refusal(Refusals.NO_RESOURCES, "full", Duration.ofSeconds(3)))),
            new Frame.Ping(),
            new Frame.Pong(),
            new Frame.Bye(Goodbyes.SHUTDOWN, "until later"));

    private static final int MAX_NOISE = 24;
    private static final int MAX_CHANGES = 4;

    private CborInputs() {}

    static byte[] next(Random random) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(MAX_NOISE)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = FrameCodec.encode(FRAMES.get(random.nextInt(FRAMES.size())));
        for (int changes = random.nextInt(MAX_CHANGES); changes > 0 && bytes.length > 0; changes--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        byte[] changed = bytes.clone();
        switch (random.nextInt(3)) {
            case 0 -> changed[at] = (byte) random.nextInt();
            case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            default -> changed = java.util.Arrays.copyOf(bytes, at);
        }
        return changed;
    }
}
