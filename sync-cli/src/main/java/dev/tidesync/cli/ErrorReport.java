package dev.tidesync.cli;

import dev.tidesync.spi.OutboxStoreException;
import java.util.NoSuchElementException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns whatever ends a command into one sentence on stderr and an exit code; a stack trace only on request. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final TidesyncCommand command;

    ErrorReport(TidesyncCommand command) {
        this.command = command;
    }

    @Override
    public int handleParseException(ParameterException badArguments, String[] args) {
        String name = badArguments.getCommandLine().getCommandSpec().qualifiedName();
        command.terminal()
                .note("tidesync: " + firstLine(String.valueOf(badArguments.getMessage())) + "; see '" + name
                        + " --help'");
        return ExitCode.BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        command.terminal().note("tidesync: " + sentence(failure));
        if (command.verbose()) {
            failure.printStackTrace(command.terminal().err());
            command.terminal().flush();
        }
        return exitCode(failure);
    }

    private static String sentence(Exception failure) {
        return isForeseen(failure)
                ? String.valueOf(failure.getMessage())
                : "internal error: " + failure + "; run it again with --verbose and report what it prints";
    }

    private static boolean isForeseen(Exception failure) {
        return failure instanceof CommandFailure
                || failure instanceof OutboxStoreException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof NoSuchElementException;
    }

    private static int exitCode(Exception failure) {
        if (failure instanceof CommandFailure foreseen) {
            return foreseen.exitCode();
        }
        return failure instanceof IllegalArgumentException ? ExitCode.BAD_INPUT : ExitCode.FAILED;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
