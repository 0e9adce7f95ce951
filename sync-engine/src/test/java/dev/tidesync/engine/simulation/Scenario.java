package dev.tidesync.engine.simulation;

import java.util.random.RandomGenerator;

/**
 * What a seed decides before the first step: how much is done, how often the process dies, how bad the disk and the
 * network are.
 *
 * @param operations how many operations the application enqueues
 * @param lanes how many lanes it spreads some of them over
 * @param crashes how many of the process's lives end badly
 * @param segmentBytes when the log rolls
 * @param maxAttempts how many charged failures bury an operation
 * @param failedForces the share of forces that fail in a bad life
 * @param fullDisks the share of writes that find no space in a bad life
 * @param smallDisks whether the disk of a bad life may be full for long
 * @param encrypted whether the log is encrypted, and its payloads compressed
 * @param network how the network treats sends until it is mended
 */
record Scenario(
        int operations,
        int lanes,
        int crashes,
        int segmentBytes,
        int maxAttempts,
        double failedForces,
        double fullDisks,
        boolean smallDisks,
        boolean encrypted,
        NetworkFaults network) {

    /**
     * How often a send ends otherwise than delivered; each a probability.
     *
     * @param offline that the network check says so
     * @param lostRequest that the receiver never sees it
     * @param lostReply that the receiver applies it and the answer is lost
     * @param refused that the receiver refuses it for good
     * @param broken that the transport throws, or answers nothing
     */
    record NetworkFaults(double offline, double lostRequest, double lostReply, double refused, double broken) {
        static final NetworkFaults NONE = new NetworkFaults(0, 0, 0, 0, 0);

        private static NetworkFaults drawn(RandomGenerator random) {
            return new NetworkFaults(
                    random.nextInt(3) == 0 ? 0.2 : 0,
                    random.nextDouble() * 0.4,
                    random.nextDouble() * 0.3,
                    random.nextInt(3) == 0 ? 0.1 : 0,
                    random.nextInt(3) == 0 ? 0.1 : 0);
        }
    }

    static Scenario drawn(RandomGenerator random) {
        return new Scenario(
                5 + random.nextInt(36),
                random.nextInt(4),
                random.nextInt(6),
                4_096 << random.nextInt(5),
                2 + random.nextInt(9),
                random.nextInt(3) == 0 ? 0.05 : 0,
                random.nextInt(5) == 0 ? 0.02 : 0,
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                NetworkFaults.drawn(random));
    }
}
