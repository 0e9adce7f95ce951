package dev.tidesync.tck;

/**
 * What every transport plugin must do, as numbered rules. A plugin's author extends this class and sets up the other
 * side:
 *
 * <pre>{@code
 * class MyTransportTest extends TransportContract {
 *     protected SyncTransportProvider provider() { return new MyProvider(); }
 *     protected Map<String, String> settings() { return Map.of("port", "" + server.port()); }
 *     protected Operation deliverable() { return Operation.of("my.send", "/inbox", ""); }
 *     protected List<Received> received() { return server.received(); }
 * }
 * }</pre>
 *
 * The operations that the other methods give are optional; the rules that need one are skipped without it.
 */
public abstract class TransportContract extends TransportClosingRules {
    /** For subclasses. */
    protected TransportContract() {}
}
