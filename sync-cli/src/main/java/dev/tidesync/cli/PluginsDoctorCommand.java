package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.PluginInspection;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync plugins doctor}: the class loaders and their JARs, and what is wrong with these. */
@Command(
        name = "doctor",
        description = {
            "Shows the class loaders with their JARs, and what is wrong with these: classes that lie in two of them,",
            "copies of what the engine shares, META-INF/services that differs from module-info. Loads none."
        },
        footer = {"", "Exit code: 1 if anything is wrong."})
final class PluginsDoctorCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Override
    public Integer call() {
        PluginsCommand command = Objects.requireNonNull(plugins);
        Terminal terminal = command.tidesync().terminal();
        List<PluginInspection> inspections = inspect(command);
        if (command.tidesync().json()) {
            inspections.forEach(inspection -> terminal.print(json(inspection)));
        } else {
            terminal.print("Java " + Runtime.version() + ", seen by all");
            show(terminal, "", inspections.get(0));
            terminal.print("  shared with plugins: dev.tidesync.api, dev.tidesync.spi, org.slf4j");
            inspections.subList(1, inspections.size()).forEach(inspection -> show(terminal, "  ", inspection));
        }
        boolean sound = inspections.stream()
                .allMatch(inspection -> inspection.findings().isEmpty());
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }

    private static List<PluginInspection> inspect(PluginsCommand command) {
        List<PluginInspection> inspections = new ArrayList<>(List.of(PluginInspection.ofClassPath(classPath())));
        try {
            inspections.addAll(
                    PluginInspection.ofFolders(command.configuration().pluginFolders()));
        } catch (IOException unreadable) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "a plugin folder cannot be read: " + unreadable + "; make it readable",
                    unreadable);
        }
        return inspections;
    }

    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    private static void show(Terminal terminal, String indent, PluginInspection inspection) {
        terminal.print(indent + "  " + Terminal.visible(inspection.loader()));
        inspection.jars().forEach(jar -> terminal.print(indent + "    " + Terminal.visible(jar.toString())));
        inspection.findings().forEach(finding -> terminal.print(indent + "    problem: " + Terminal.visible(finding)));
    }

    private static ObjectNode json(PluginInspection inspection) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("loader", inspection.loader());
        inspection.jars().forEach(jar -> json.withArray("jars").add(jar.toString()));
        inspection.findings().forEach(json.withArray("findings")::add);
        return json;
    }
}
