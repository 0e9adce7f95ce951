package dev.tidesync.cli;

import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.wal.LogKeys;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: the options that every subcommand takes, before its name or after it. */
@Command(
        name = "tidesync",
        synopsisSubcommandLabel = "COMMAND",
        description = "Keeps operations on disk and delivers each to its destination once that can be reached.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Plugins may bring further commands; their documentation names them."},
        subcommands = {
            DemoCommand.class,
            EnqueueCommand.class,
            RunCommand.class,
            ListCommand.class,
            ShowCommand.class,
            ExplainCommand.class,
            StatsCommand.class,
            DestinationsCommand.class,
            TopCommand.class,
            RetryCommand.class,
            CancelCommand.class,
            PruneCommand.class,
            TransportsCommand.class,
            PluginsCommand.class,
            ImportCommand.class,
            LogCommand.class,
            DemoReceiverCommand.class
        })
final class TidesyncCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where the outbox lies; default: .tidesync")
    private Path data = Path.of(".tidesync");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A .properties file; default: conf/tidesync.properties of the installation")
    private @Nullable Path config;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON object a line")
    private boolean json;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Log more, and show where errors come from")
    private boolean verbose;

    private final Map<String, String> settings = new LinkedHashMap<>();
    private String commandName = "tidesync";

    private TidesyncCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command that the arguments name. Returns its {@link ExitCode}. */
    static int execute(Terminal terminal, String... args) {
        CommandLine commandLine = commandLine(terminal);
        FirstWord.of(args)
                .filter(word -> !commandLine.getSubcommands().containsKey(word))
                .ifPresent(word -> addPluginCommand(commandLine, word));
        int exitCode = commandLine.execute(args);
        if (terminal.lostOutput() && exitCode == ExitCode.OK) {
            terminal.note("tidesync: the output could not be written and is incomplete, as on a full disk or a closed"
                    + " pipe; what the command did is done");
            return ExitCode.FAILED;
        }
        return exitCode;
    }

    /** Plugins are looked for only when the command runs; options that it alone knows are words of its own. */
    private static void addPluginCommand(CommandLine commandLine, String name) {
        CommandLine added = new CommandLine(new PluginCommandRunner());
        commandLine.addSubcommand(name, added);
        added.setUnmatchedOptionsArePositionalParams(true)
                .setOut(commandLine.getOut())
                .setErr(commandLine.getErr());
    }

    /** The command and its subcommands, ready to parse and run arguments. */
    static CommandLine commandLine(Terminal terminal) {
        TidesyncCommand command = new TidesyncCommand(terminal);
        ErrorReport errors = new ErrorReport(command);
        return new CommandLine(command)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setExpandAtFiles(false) // a payload may begin with '@'
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setExecutionStrategy(command::run);
    }

    /** Called anew for the options before the subcommand and for those after it, which add up. */
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "A setting that beats the file's; may be repeated")
    void set(@Nullable Map<String, String> given) {
        if (given != null) {
            settings.putAll(given);
        }
    }

    private int run(CommandLine.ParseResult parsed) {
        if (data.toString().isEmpty()) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--data must name a directory, was: ''; '.' is the one you are in");
        }
        commandName = parsed.subcommands().isEmpty()
                ? "tidesync"
                : "tidesync " + parsed.subcommand().commandSpec().name();
        if (verbose) {
            System.setProperty("tidesync.log.level", "DEBUG");
            System.setProperty("tidesync.log.frames", "full");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Without a subcommand there is nothing to do but to say which there are. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
    }

    Terminal terminal() {
        return terminal;
    }

    Installation installation() {
        return new Installation(data, Optional.ofNullable(config), settings);
    }

    /** What the configuration says that the logs are encrypted with. */
    LogKeys logKeys() {
        return installation()
                .configuration()
                .fileStore(data, InstantSource.system())
                .encryptionKeys();
    }

    /** The wall clock. */
    long nowMs() {
        return Installation.CLOCK.millis();
    }

    /** Opens the outbox, here or through the process that holds it. */
    OutboxAccess openOutbox() {
        return opener().open();
    }

    OutboxOpener opener() {
        return new OutboxOpener(installation(), commandName);
    }

    /** The refusal of an id that nothing has. */
    CommandFailure unknownOperation(String id) {
        return new CommandFailure(
                ExitCode.FAILED,
                "no operation '" + Terminal.visible(id) + "' in the outbox in " + data
                        + "; 'tidesync list' shows which there are");
    }

    Path data() {
        return data;
    }

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }
}
