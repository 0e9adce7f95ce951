package dev.tidesync.transport.ws;

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

/** Makes transports for {@code ws.} operations: the type that discovery finds in this plugin. */
public final class WsTransportProvider implements SyncTransportProvider {
    private static final TransportDescriptor DESCRIPTOR = TransportDescriptor.builder("ws", SyncSpi.LEVEL)
            .version(version())
            .kindPrefix("ws.")
            .configSpec(WsSettings.SPEC)
            .build();

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = WsTransportProvider.class.getResourceAsStream("plugin.properties")) {
            properties.load(file);
        } catch (IOException damagedJar) {
            throw new UncheckedIOException("cannot read plugin.properties of transport-ws", damagedJar);
        }
        return properties.getProperty("version", "");
    }

    @Override
    public TransportDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public ISyncTransport create(TransportContext context) throws TransportConfigException {
        return new WsTransport(WsConfig.from(context.settings(), context.engineVersion()), context);
    }
}
