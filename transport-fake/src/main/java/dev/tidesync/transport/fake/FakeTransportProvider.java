package dev.tidesync.transport.fake;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import dev.tidesync.transport.fake.FakeTransport.Rule;
import java.time.Duration;

/**
 * The fake transport as a plugin. It declares no kind prefix, since it would swallow operations: it stands in only for
 * the kinds that configuration gives it, as in {@code transports.fake.kinds = http.,ws.}
 */
public final class FakeTransportProvider implements SyncTransportProvider {
    private static final TransportDescriptor DESCRIPTOR = TransportDescriptor.builder("fake", SyncSpi.LEVEL)
            .version("0.1.0")
            .configSpec(ConfigSpec.builder()
                    .key(ConfigKey.of("outcome", ConfigType.TEXT, "How every send ends.")
                            .oneOf("ok", "retryable", "permanent")
                            .withDefault("ok"))
                    .key(ConfigKey.of("error", ConfigType.TEXT, "What a failure says.")
                            .withDefault("the fake transport was told to fail"))
                    .key(ConfigKey.of(
                                    "fail-first",
                                    ConfigType.NUMBER,
                                    "How often each operation fails, retryably, before the outcome holds.")
                            .withDefault("0"))
                    .key(ConfigKey.of("latency", ConfigType.DURATION, "How long every send takes.")
                            .withDefault("0ms"))
                    .build())
            .build();

    @Override
    public TransportDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public ISyncTransport create(TransportContext context) {
        FakeTransport transport = new FakeTransport();
        transport.setDefault(ruleOf(context.settings()));
        return transport;
    }

    private static Rule ruleOf(Settings settings) {
        String error = settings.text("error").orElseThrow();
        Rule rule = Rule.of(outcome(settings, error));
        int failures = Math.toIntExact(settings.number("fail-first"));
        if (failures > 0) {
            rule = Rule.retryable(error).timesThen(failures, rule);
        }
        Duration latency = settings.duration("latency");
        return latency.isZero() ? rule : rule.after(latency);
    }

    private static SendResult outcome(Settings settings, String error) {
        return switch (settings.text("outcome").orElseThrow()) {
            case "retryable" -> SendResult.retryable(error);
            case "permanent" -> SendResult.permanent(error);
            default -> SendResult.delivered();
        };
    }
}
