package dev.tidesync.cli;

import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.PluginCommand;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A command as a plugin would bring it: prints what it was given, or fails as it is told. */
public final class EchoCommand implements PluginCommand {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public String pluginId() {
        return "echo";
    }

    @Override
    public ConfigSpec configSpec() {
        return ConfigSpec.builder()
                .key(ConfigKey.of("greeting", ConfigType.TEXT, "What comes first."))
                .build();
    }

    @Override
    public int run(List<String> words, CommandContext context) throws Exception {
        switch (words.isEmpty() ? "" : words.get(0)) {
            case "senseless" -> throw new IllegalArgumentException("that makes no sense");
            case "disk" -> throw new IOException("the disk is gone");
            case "bug" -> throw new TimeoutException("nobody foresaw that");
            default -> {}
        }
        context.out()
                .println(context.settings().text("greeting").orElse("")
                        + words
                        + context.json()
                        + context.dataDirectory().getFileName());
        return 7;
    }
}
