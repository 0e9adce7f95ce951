package dev.tidesync.engine.plugin;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.util.ArrayList;
import java.util.List;

/** A provider for tests: its descriptor is given, and it remembers what it was asked to create. */
final class TestProvider implements SyncTransportProvider {
    interface Factory {
        ISyncTransport create(TransportContext context) throws TransportConfigException;
    }

    private final TransportDescriptor descriptor;
    private final Factory factory;
    final List<TransportContext> created = new ArrayList<>();

    TestProvider(TransportDescriptor descriptor, Factory factory) {
        this.descriptor = descriptor;
        this.factory = factory;
    }

    /** A plugin that serves one prefix and takes an optional {@code base-url} and {@code call-timeout}. */
    static TestProvider serving(String id, String prefix) {
        return new TestProvider(described(id, prefix).build(), context -> operation -> SendResult.delivered());
    }

    static TransportDescriptor.Builder described(String id, String prefix) {
        return TransportDescriptor.builder(id, SyncSpi.LEVEL)
                .version("1.2.3")
                .kindPrefix(prefix)
                .configSpec(ConfigSpec.builder()
                        .key(ConfigKey.of("base-url", ConfigType.TEXT, "Where relative targets lead."))
                        .key(ConfigKey.of("call-timeout", ConfigType.DURATION, "How long a call may take.")
                                .withDefault("30s"))
                        .build());
    }

    @Override
    public TransportDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public ISyncTransport create(TransportContext context) throws TransportConfigException {
        created.add(context);
        return factory.create(context);
    }
}
