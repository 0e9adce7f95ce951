package dev.tidesync.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API is written down in {@code sync-api/api.txt}, so that a change to it shows in a diff. */
class PublicApiTest {
    private static final Path WRITTEN = Path.of("api.txt");

    @Test
    void isAsItIsWrittenDown() throws Exception {
        List<String> api = PublicApi.of(classes());
        if (Boolean.getBoolean("api.update")) {
            Files.write(WRITTEN, api);
        }

        assertThat(api)
                .as("the public API has changed; if that is meant, see docs/compatibility.md and write it down with"
                        + " ./mvnw -pl sync-api test -Dtest=PublicApiTest -Dapi.update=true")
                .containsExactlyElementsOf(Files.readAllLines(WRITTEN));
    }

    @Test
    void holdsTypesMembersAndConstantsAndNothingPrivate() throws Exception {
        assertThat(PublicApi.of(classes()))
                .contains(
                        "public abstract interface dev.tidesync.spi.ISyncTransport : java.lang.AutoCloseable",
                        "  public static final int dev.tidesync.spi.SyncSpi.LEVEL = 1",
                        "  public static dev.tidesync.api.SendResult dev.tidesync.api.SendResult.delivered()")
                .noneMatch(line -> line.contains("SecretReference") || line.contains("private"));
    }

    static Path classes() throws URISyntaxException {
        return Path.of(Operation.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
