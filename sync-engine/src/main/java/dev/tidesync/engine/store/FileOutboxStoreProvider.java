package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogKeys;
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
import java.util.Arrays;

/** Opens {@link FileOutboxStore} for URLs such as {@code file:data/outbox.json}. */
public final class FileOutboxStoreProvider implements OutboxStoreProvider {
    private static final String SCHEME = "file";
    private static final String PRETTY_JSON = "pretty-json";
    private static final String FSYNC_ON_WRITE = "fsync-on-write";
    private static final String SEGMENT_BYTES = "segment-bytes";
    private static final String RETAIN_DONE_FOR = "retain-done-for";
    private static final String RETAIN_DONE_COUNT = "retain-done-count";
    private static final String COMPACTION_BYTES_PER_SECOND = "compaction-bytes-per-second";

    private static final String ENCRYPTION_KEY = "encryption-key";
    private static final String OLD_ENCRYPTION_KEYS = "old-encryption-keys";
    private static final String COMPRESSION = "compression";

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
                .key(ConfigKey.of(
                                RETAIN_DONE_FOR,
                                ConfigType.DURATION,
                                "How long an operation is kept after it was delivered.")
                        .withDefault("7d"))
                .key(ConfigKey.of(RETAIN_DONE_COUNT, ConfigType.NUMBER, "How many delivered operations are kept.")
                        .withDefault("100000"))
                .key(ConfigKey.of(
                                COMPACTION_BYTES_PER_SECOND,
                                ConfigType.SIZE,
                                "How much a second is copied at most, so that files in which little counts can go.")
                        .withDefault("8MiB"))
                .key(ConfigKey.of(
                                ENCRYPTION_KEY,
                                ConfigType.TEXT,
                                "What outbox and inbox are encrypted with, 32 bytes in Base64; by default nothing.")
                        .asSecret())
                .key(ConfigKey.of(
                                OLD_ENCRYPTION_KEYS,
                                ConfigType.TEXT,
                                "What they were encrypted with before, separated by commas.")
                        .asSecret())
                .key(ConfigKey.of(COMPRESSION, ConfigType.TEXT, "How payloads are compressed on disk.")
                        .oneOf("none", "deflate")
                        .withDefault("none"))
                .build();
    }

    @Override
    public OutboxStore open(OutboxStoreContext context) {
        Settings settings = context.settings();
        FileOutboxStore.Config.Builder config = FileOutboxStore.Config.builder()
                .filePath(path(context.url()))
                .prettyJson(settings.flag(PRETTY_JSON))
                .fsyncOnWrite(settings.flag(FSYNC_ON_WRITE))
                .segmentBytes(settings.sizeBytes(SEGMENT_BYTES))
                .retainDoneFor(settings.duration(RETAIN_DONE_FOR))
                .retainDoneCount(settings.number(RETAIN_DONE_COUNT))
                .compactionBytesPerSecond(settings.sizeBytes(COMPACTION_BYTES_PER_SECOND))
                .compressPayloads(settings.text(COMPRESSION).orElse("").equals("deflate"))
                .clock(context.clock());
        settings.text(ENCRYPTION_KEY).map(LogKeys::decode).ifPresent(config::encryptionKey);
        settings.text(OLD_ENCRYPTION_KEYS)
                .map(text ->
                        Arrays.stream(text.split(",", -1)).map(LogKeys::decode).toList())
                .ifPresent(config::oldEncryptionKeys);
        return FileOutboxStore.open(config.build());
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
