package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.cli.CommandRig.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that plugins bring. */
class PluginCommandIT {
    @TempDir
    private Path data = Path.of("");

    @Test
    void itGetsItsWordsItsSettingsAndItsDirectoryAndGivesTheExitCode() {
        Result result = rig().run("--set", "echo.greeting=hello", "echo", "one", "--two=2", "-3", "--json");

        assertThat(result.onlyLine()).isEqualTo("hello[one, --two=2, -3]trueecho");
        assertThat(result.exitCode()).isEqualTo(7);
    }

    @Test
    void whatFailsIsOneSentenceWithTheExitCodeOfItsKind() {
        Result senseless = rig().run("echo", "senseless");
        Result disk = rig().run("echo", "disk");
        Result bug = rig().run("echo", "bug");

        assertThat(senseless.err()).isEqualTo("tidesync: that makes no sense\n");
        assertThat(senseless.exitCode()).isEqualTo(2);
        assertThat(disk.err()).isEqualTo("tidesync: the disk is gone\n");
        assertThat(disk.exitCode()).isEqualTo(1);
        assertThat(bug.err()).contains("internal error", "TimeoutException");
    }

    @Test
    void wrongSettingsOfThePluginAreNamed() {
        Result result = rig().run("--set", "transports.echo.greting=x", "echo");

        assertThat(result.err()).contains("transports.echo.greting", "greeting");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void aCommandThatNobodyBringsIsUnknownWhateverFollowsIt() {
        Result result = rig().run("ecco", "--kind", "x");

        assertThat(result.err())
                .startsWith("tidesync: there is no command 'ecco'")
                .contains("see 'tidesync --help'");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void helpDoesNotRunIt() {
        Result result = rig().run("echo", "disk", "--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("tidesync echo", "--data");
    }

    private CommandRig rig() {
        return new CommandRig(data);
    }
}
