package dev.tidesync.transport.p2p;

import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Makes transports for {@code p2p.} operations: the type that discovery finds in this plugin. */
public final class P2pTransportProvider implements SyncTransportProvider {
    private static final TransportDescriptor DESCRIPTOR = TransportDescriptor.builder("p2p", SyncSpi.LEVEL)
            .version(version())
            .kindPrefix("p2p.")
            .configSpec(P2pSettings.SPEC)
            .build();

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = P2pTransportProvider.class.getResourceAsStream("plugin.properties")) {
            properties.load(file);
        } catch (IOException damagedJar) {
            throw new UncheckedIOException("cannot read plugin.properties of transport-p2p", damagedJar);
        }
        return properties.getProperty("version", "");
    }

    @Override
    public TransportDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public ISyncTransport create(TransportContext context) throws TransportConfigException {
        return new P2pTransport(P2pConfig.from(context.settings(), context.dataDirectory()), context);
    }
}
