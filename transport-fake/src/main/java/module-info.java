import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.transport.fake.FakeTransportProvider;

/** A transport that does as it is told, for testing code that uses Tidesync. */
module dev.tidesync.transport.fake {
    requires transitive dev.tidesync.api;
    requires static org.jspecify;

    exports dev.tidesync.transport.fake;

    provides SyncTransportProvider with
            FakeTransportProvider;
}
