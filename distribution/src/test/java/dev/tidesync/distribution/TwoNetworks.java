package dev.tidesync.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two machines' networks with a cable between them, in network namespaces that processes of their own hold open:
 * nothing of the machine's own network is touched, and all is gone with those processes, however the test ends.
 */
final class TwoNetworks implements AutoCloseable {
    /** One end of the cable. */
    enum End {
        ANNA("10.77.0.1"),
        BEN("10.77.0.2");

        private final String address;

        End(String address) {
            this.address = address;
        }

        String address() {
            return address;
        }
    }

    private static final String CABLE = "cable";
    private static final List<String> UNSHARE = List.of("unshare", "-n", "sh", "-c", "echo ready && cat");

    private final Process anna;
    private final Process ben;

    private TwoNetworks(Process anna, Process ben) {
        this.anna = anna;
        this.ben = ben;
    }

    /** Empty if this user may not do so here, or if a tool is missing. */
    static Optional<TwoNetworks> connected() throws Exception {
        Optional<Process> anna = held();
        Optional<Process> ben = held();
        if (anna.isEmpty() || ben.isEmpty()) {
            anna.ifPresent(Process::destroy);
            ben.ifPresent(Process::destroy);
            return Optional.empty();
        }
        TwoNetworks networks = new TwoNetworks(anna.get(), ben.get());
        if (networks.plugIn()) {
            return Optional.of(networks);
        }
        networks.close();
        return Optional.empty();
    }

    private static Optional<Process> held() throws Exception {
        try {
            Process holder = new ProcessBuilder(UNSHARE)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            return "ready".equals(said.readLine()) ? Optional.of(holder) : Optional.empty();
        } catch (IOException noSuchProgram) {
            return Optional.empty();
        }
    }

    private boolean plugIn() throws Exception {
        return succeeds(
                        End.ANNA,
                        "ip link add " + CABLE + " type veth peer name " + CABLE + " netns " + ben.pid() + " && "
                                + configure(End.ANNA))
                && succeeds(End.BEN, configure(End.BEN));
    }

    /** What an end sends passes the chain {@code out}, which is empty as long as the cable is whole. */
    private static String configure(End end) {
        return "ip link set dev lo up && ip address add " + end.address() + "/24 dev " + CABLE
                + " && ip link set dev " + CABLE + " up && nft add table inet faults"
                + " && nft add chain inet faults out '{ type filter hook output priority 0; }'";
    }

    /** What a command has to begin with to run at this end. */
    List<String> at(End end) {
        Process holder = end == End.ANNA ? anna : ben;
        return List.of("nsenter", "-t", String.valueOf(holder.pid()), "-n", "--");
    }

    /** Loses all that this end sends. */
    void mute(End end) throws Exception {
        run(end, "nft add rule inet faults out oifname " + CABLE + " drop");
    }

    /** Loses so many per cent of what this end sends. */
    void lose(End end, int percent) throws Exception {
        run(end, "nft add rule inet faults out oifname " + CABLE + " numgen random mod 100 \\< " + percent + " drop");
    }

    /** Loses nothing more. */
    void heal() throws Exception {
        for (End end : End.values()) {
            run(end, "nft flush chain inet faults out");
        }
    }

    void unplug() throws Exception {
        run(End.ANNA, "ip link set dev " + CABLE + " down");
    }

    void plug() throws Exception {
        run(End.ANNA, "ip link set dev " + CABLE + " up");
    }

    private void run(End end, String command) throws Exception {
        if (!succeeds(end, command)) {
            throw new AssertionError("did not work here: " + command);
        }
    }

    private boolean succeeds(End end, String command) throws Exception {
        List<String> inside = new ArrayList<>(at(end));
        inside.addAll(List.of("sh", "-c", command));
        try {
            return Bundle.await(new ProcessBuilder(inside).start(), "").exitCode() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Override
    public void close() {
        for (Process holder : List.of(anna, ben)) {
            holder.destroy();
            holder.onExit().join();
        }
    }
}
