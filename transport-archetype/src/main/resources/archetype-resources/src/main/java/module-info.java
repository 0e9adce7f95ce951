import ${package}.${className}TransportProvider;
import dev.tidesync.spi.SyncTransportProvider;

/** A transport that appends operations to files. */
module ${package} {
    requires dev.tidesync.api;

    provides SyncTransportProvider with
            ${className}TransportProvider;
}
