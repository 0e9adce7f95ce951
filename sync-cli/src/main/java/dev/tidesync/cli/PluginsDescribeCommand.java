package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.TransportDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync plugins describe}: what a plugin says of itself, and every setting it takes. */
@Command(name = "describe", description = "Shows a plugin's version, prefixes and every setting it takes.")
final class PluginsDescribeCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Parameters(paramLabel = "ID", description = "The plugin's id, as 'plugins list' shows it")
    private String id = "";

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(plugins).tidesync();
        TransportDescriptor descriptor;
        try (TransportRegistry registry = tidesync.installation().startTransports()) {
            descriptor = registry.descriptor(id)
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.FAILED,
                            "no plugin '" + id + "' describes itself; 'tidesync plugins list' shows what was found"));
        }
        if (tidesync.json()) {
            tidesync.terminal().print(json(descriptor));
        } else {
            show(tidesync.terminal(), descriptor);
        }
        return ExitCode.OK;
    }

    private static void show(Terminal terminal, TransportDescriptor descriptor) {
        terminal.print(Terminal.visible(descriptor.id() + " " + descriptor.version()) + ", SPI level "
                + descriptor.spiLevel() + ", serves " + String.join(" ", descriptor.kindPrefixes()));
        for (ConfigKey key : descriptor.configSpec().keys()) {
            terminal.print("");
            terminal.print(String.format(
                    Locale.ROOT, "  %s  (%s)", Terminal.visible(key.name()), Terminal.visible(traits(key))));
            terminal.print("      " + Terminal.visible(key.doc()));
        }
    }

    private static String traits(ConfigKey key) {
        List<String> traits = new ArrayList<>(List.of(key.type().expectation()));
        if (!key.choices().isEmpty()) {
            traits.add("one of " + String.join(", ", key.choices()));
        }
        key.defaultValue().ifPresent(value -> traits.add("default " + (key.secret() ? "••••" : value)));
        if (key.required()) {
            traits.add("required");
        }
        if (key.secret()) {
            traits.add("secret");
        }
        return String.join("; ", traits);
    }

    private static ObjectNode json(TransportDescriptor descriptor) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", descriptor.id());
        json.put("version", descriptor.version());
        json.put("spi_level", descriptor.spiLevel());
        descriptor.kindPrefixes().forEach(json.putArray("prefixes")::add);
        ArrayNode keys = json.putArray("keys");
        descriptor.configSpec().keys().forEach(key -> keys.add(json(key)));
        return json;
    }

    private static ObjectNode json(ConfigKey key) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", key.name());
        json.put("type", key.type().name());
        key.defaultValue().filter(value -> !key.secret()).ifPresent(value -> json.put("default", value));
        json.put("required", key.required());
        json.put("secret", key.secret());
        key.choices().forEach(json.putArray("choices")::add);
        json.put("doc", key.doc());
        return json;
    }
}
