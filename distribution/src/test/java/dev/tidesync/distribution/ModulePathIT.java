package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JARs of the bundle as named modules: the bundle itself runs them on the class path. */
class ModulePathIT {
    private static final String MAIN = "dev.tidesync.cli/dev.tidesync.cli.Main";

    @TempDir
    Path data;

    @Test
    void everyTransportIsFoundByItsModule() throws Exception {
        Bundle.Result result = run("--json", "transports");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("\"id\":\"http\"", "\"id\":\"ws\"", "\"id\":\"p2p\"", "\"id\":\"fake\"")
                .contains("\"state\":\"READY\"");
    }

    @Test
    void anOperationIsDeliveredByModules() throws Exception {
        run("enqueue", "--kind", "test.send", "--target", "somewhere", "--payload", "x");

        Bundle.Result result = run("--set", "transports.fake.kinds=test.", "run", "--until-empty", "--for", "60s");

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(run("stats", "--json").out()).contains("\"done\":1");
    }

    private Bundle.Result run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modulePath(),
                "--module",
                MAIN,
                "--data",
                data.toString()));
        command.addAll(List.of(arguments));
        return Bundle.await(new ProcessBuilder(command).start(), "");
    }

    /** The providers' modules are resolved because the engine's module uses their service. */
    private static String modulePath() {
        Path home = Bundle.assembled().home();
        return Stream.of("lib", "plugins/http", "plugins/ws", "plugins/p2p", "extras")
                .map(folder -> home.resolve(folder).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
