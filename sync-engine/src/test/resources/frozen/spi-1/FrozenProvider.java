package frozen;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.PluginCommand;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The source of frozen.jar, which was compiled against SPI level 1 and is never compiled again. It uses what plugins
 * use: a line for each operation goes into the file that the target names below 'directory'.
 */
public final class FrozenProvider implements SyncTransportProvider {
    private static final ConfigSpec SPEC = ConfigSpec.builder()
            .key(ConfigKey.of("directory", ConfigType.TEXT, "Where targets lie.").asRequired())
            .key(ConfigKey.of("pause", ConfigType.DURATION, "How long a refusal lasts.").withDefault("3s"))
            .key(ConfigKey.of("token", ConfigType.TEXT, "A secret.").asSecret())
            .key(ConfigKey.of("headers.*", ConfigType.TEXT, "A group."))
            .build();

    @Override
    public TransportDescriptor descriptor() {
        return TransportDescriptor.builder("frozen", SyncSpi.LEVEL)
                .version("1.0.0")
                .kindPrefix("frozen.")
                .configSpec(SPEC)
                .build();
    }

    @Override
    public ISyncTransport create(TransportContext context) throws TransportConfigException {
        CheckedSettings settings = new CheckedSettings(context.settings());
        Path directory = settings.parsed("directory", Path::of).orElse(Path.of("."));
        Duration pause = settings.duration("pause");
        if (settings.group("headers.*").containsKey("bad")) {
            settings.problem("headers.bad", "is refused");
        }
        settings.throwIfAnyProblem();
        return new FrozenTransport(context, directory, pause);
    }

    private static final class FrozenTransport implements ISyncTransport {
        private final TransportContext context;
        private final Path directory;
        private final Duration pause;

        FrozenTransport(TransportContext context, Path directory, Duration pause) {
            this.context = context;
            this.directory = directory;
            this.pause = pause;
        }

        @Override
        public SendResult send(Operation operation) throws IOException {
            return switch (operation.kind()) {
                case "frozen.append" -> append(operation);
                case "frozen.later" -> SendResult.retryable("not now")
                        .withRetryAfter(pause)
                        .withCode("frozen.later")
                        .withScope(SendResult.Scope.TARGET)
                        .withAmbiguous(true);
                default -> SendResult.permanent("no such kind");
            };
        }

        private SendResult append(Operation operation) throws IOException {
            String line = operation.idempotencyKey() + " " + operation.payloadText() + " " + operation.headers() + "\n";
            Files.writeString(
                    directory.resolve(operation.target()),
                    line,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            context.metrics().add("appended", 1);
            return SendResult.delivered();
        }

        @Override
        public CompletionStage<SendResult> sendAsync(Operation operation, SendContext sending) {
            CompletableFuture<SendResult> result = new CompletableFuture<>();
            sending.onCancel(() -> result.complete(SendResult.retryable("cancelled")));
            sending.executor().execute(() -> {
                try {
                    result.complete(sending.timeLeft().isNegative() ? SendResult.retryable("late") : send(operation));
                } catch (IOException failure) {
                    result.completeExceptionally(failure);
                }
            });
            return result;
        }

        @Override
        public void close() {
            context.metrics().add("closed", 1);
        }
    }

    /** The command it brings. */
    public static final class FrozenCommand implements PluginCommand {
        @Override
        public String name() {
            return "frozen";
        }

        @Override
        public String pluginId() {
            return "frozen";
        }

        @Override
        public ConfigSpec configSpec() {
            return SPEC;
        }

        @Override
        public int run(List<String> words, CommandContext context) {
            context.out().println(words + " " + context.settings().text("directory").orElse(""));
            return 7;
        }
    }
}
