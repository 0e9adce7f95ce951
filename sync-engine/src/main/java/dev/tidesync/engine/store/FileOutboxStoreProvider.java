package dev.tidesync.engine.store;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.OutboxStoreContext;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.OutboxStoreProvider;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.SyncSpi;
import java.net.URI;
import java.nio.file.Path;

/** Opens {@link FileOutboxStore} for URLs such as {@code file:data/outbox.json}. */
public final class FileOutboxStoreProvider implements OutboxStoreProvider {
    private static final String SCHEME = "file";
    private static final String PRETTY_JSON = "pretty-json";
    private static final String FSYNC_ON_WRITE = "fsync-on-write";
    private static final String SEGMENT_BYTES = "segment-bytes";

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public int spiLevel() {
        return SyncSpi.LEVEL;
    }

    @Override
    public ConfigSpec configSpec() {
        return ConfigSpec.builder()
                .key(ConfigKey.of(PRETTY_JSON, ConfigType.FLAG, "Whether outbox.json is indented.")
                        .withDefault("false"))
                .key(ConfigKey.of(
                                FSYNC_ON_WRITE,
                                ConfigType.FLAG,
                                "Whether the disk is forced; without it a power cut loses operations.")
                        .withDefault("true"))
                .key(ConfigKey.of(SEGMENT_BYTES, ConfigType.SIZE, "How large a file of the log grows.")
                        .withDefault("64MiB"))
                .build();
    }

    @Override
    public OutboxStore open(OutboxStoreContext context) {
        Settings settings = context.settings();
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(path(context.url()))
                .prettyJson(settings.flag(PRETTY_JSON))
                .fsyncOnWrite(settings.flag(FSYNC_ON_WRITE))
                .segmentBytes(settings.sizeBytes(SEGMENT_BYTES))
                .clock(context.clock())
                .build());
    }

    /** A relative path stands behind {@code file:} as it is; a URL that begins with a slash may be percent-encoded. */
    private static Path path(String url) {
        String rest = url.substring(SCHEME.length() + 1);
        try {
            return rest.startsWith("///") ? Path.of(URI.create(url)) : Path.of(rest);
        } catch (IllegalArgumentException bad) {
            throw new OutboxStoreException(
                    "outbox URL must be file: and a path, as file:data/outbox.json, was: '" + url + "'", bad);
        }
    }
}
