package dev.tidesync.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Starts the {@code tidesync} command on the real terminal. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal terminal =
                new Terminal(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err), isInteractive());
        int exitCode = TidesyncCommand.execute(terminal, args);
        terminal.flush();
        System.exit(exitCode);
    }

    /** Output is UTF-8 whatever the locale, since what operations hold must come out as it went in. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
    }

    /** The start script looks, since {@link System#console} answers differently from one JDK to the next. */
    private static boolean isInteractive() {
        return Boolean.getBoolean("tidesync.interactive");
    }
}
