package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.cli.CommandRig.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchEnqueueIT {
    @TempDir
    Path directory;

    private CommandRig tidesync;

    @BeforeEach
    void useAFreshDirectory() {
        tidesync = new CommandRig(directory.resolve("data"));
    }

    @Test
    void badLinesAreReportedByNumberAndTheOthersGoOn() {
        Result result = batch("""
                {"id":"one","kind":"http.post","target":"/1","payload":"x"}
                this is no JSON

                {"id":"four","kind":"http.post","target":"/4","status":"DONE"}
                {"id":"five","kind":"http.post","target":"/5","payload_base64":"AAE="}
                {"id":"one","kind":"http.post","target":"/other"}
                {"id":"one","kind":"http.post","target":"/1","payload":"x"}
                """);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.lines()).containsExactly("one", "five", "one");
        assertThat(result.err())
                .contains(
                        "line 2: not valid JSON",
                        "line 4: field 'status' is the outbox's to set",
                        "line 6: ",
                        "3 enqueued, 3 refused");
    }

    @Test
    void aFileThatCannotBeReadIsBadInput() {
        Result result = tidesync.run("enqueue", "--batch", directory.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("cannot read the batch: ");
    }

    @Test
    void goodLinesEndWithExitCodeZeroAndOneIdEach() {
        Result result = batch("{\"kind\":\"a.b\",\"target\":\"/1\"}\n".repeat(1_500));

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).hasSize(1_500).doesNotHaveDuplicates().isSorted();
        assertThat(tidesync.run("stats", "--json").out()).contains("\"pending\":1500");
    }

    @Test
    void withJsonEachIdIsAnObject() {
        tidesync.stdin("{\"id\":\"one\",\"kind\":\"a.b\",\"target\":\"/1\"}");

        assertThat(tidesync.run("enqueue", "--batch", "-", "--json").onlyLine()).isEqualTo("{\"id\":\"one\"}");
    }

    @Test
    void whatExceedsTheLimitsIsRefusedAlone() {
        tidesync.stdin("""
                {"id":"one","kind":"a.b","target":"/1"}
                {"id":"two","kind":"a.b","target":"/2","payload":"too large"}
                {"id":"three","kind":"a.b","target":"/3"}
                """);

        Result result = tidesync.run("enqueue", "--batch", "-", "--set", "limits.max-payload-bytes=5");

        assertThat(result.lines()).containsExactly("one", "three");
        assertThat(result.err()).contains("line 2: ").contains("payload must have at most 5 bytes");
    }

    @Test
    void anEmptyBatchIsNoMistake() {
        assertThat(batch("").exitCode()).isZero();
        assertThat(batch("\n\n").exitCode()).isZero();
    }

    private Result batch(String lines) {
        return tidesync.stdin(lines).run("enqueue", "--batch", "-");
    }
}
