package ${package};

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.nio.file.Path;

/** What an engine finds: describes the plugin, and makes its transports. */
public final class ${className}TransportProvider implements SyncTransportProvider {
    private static final TransportDescriptor DESCRIPTOR = TransportDescriptor.builder("${id}", SyncSpi.LEVEL)
            .version("${version}")
            .kindPrefix("${id}.")
            .configSpec(ConfigSpec.builder()
                    .key(ConfigKey.of("directory", ConfigType.TEXT, "The directory that targets are relative to.")
                            .asRequired())
                    .build())
            .build();

    @Override
    public TransportDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public ISyncTransport create(TransportContext context) {
        return new ${className}Transport(Path.of(context.settings().text("directory").orElseThrow()));
    }
}
