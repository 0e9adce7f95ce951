package dev.tidesync.spi;

/**
 * Makes transports: the type that {@link java.util.ServiceLoader} looks for. An implementation is a public class with a
 * public constructor without parameters, named both in {@code META-INF/services/dev.tidesync.spi.SyncTransportProvider}
 * and, if it is in a module, in a {@code provides} clause.
 */
public interface SyncTransportProvider {
    /**
     * What this plugin is. Always the same answer, without I/O and without starting threads: it is asked for when
     * plugins are merely listed.
     */
    TransportDescriptor descriptor();

    /**
     * Makes one transport from settings that have been checked against the descriptor. It may be called several times,
     * for instances with different settings, and does not wait for the network. If it has not returned after 30
     * seconds, it is interrupted and the instance reported as broken; a transport that comes later is closed.
     *
     * @throws TransportConfigException if settings contradict each other; it carries all problems at once
     */
    ISyncTransport create(TransportContext context) throws TransportConfigException;
}
