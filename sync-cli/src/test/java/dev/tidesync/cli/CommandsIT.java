package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidesync.cli.CommandRig.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private CommandRig tidesync;

    @BeforeEach
    void useAFreshDirectory() {
        tidesync = new CommandRig(directory.resolve("data with spaces"));
    }

    @Test
    void enqueuePrintsTheIdAndShowFindsEveryField() throws IOException {
        String id = tidesync.enqueue(
                "http.post",
                "/messages",
                "--payload",
                "@grüße ${HOME}",
                "--header",
                "Content-Type=text/plain; a=b",
                "--header",
                "X-Empty=",
                "--ordering-key",
                "lane",
                "--idempotency-key",
                "key");

        JsonNode shown = json(tidesync.run("show", id, "--json"));

        assertThat(shown.path("id").textValue()).isEqualTo(id);
        assertThat(shown.path("kind").textValue()).isEqualTo("http.post");
        assertThat(shown.path("target").textValue()).isEqualTo("/messages");
        assertThat(shown.path("payload").textValue()).isEqualTo("@grüße ${HOME}");
        assertThat(shown.path("headers").toString())
                .isEqualTo("{\"Content-Type\":\"text/plain; a=b\",\"X-Empty\":\"\"}");
        assertThat(shown.path("ordering_key").textValue()).isEqualTo("lane");
        assertThat(shown.path("idempotency_key").textValue()).isEqualTo("key");
        assertThat(shown.path("status").textValue()).isEqualTo("PENDING");
        assertThat(shown.path("attempt").intValue()).isZero();
        assertThat(shown.path("last_error").textValue()).isEmpty();
    }

    @Test
    void showTellsAPersonTheSame() {
        String id = tidesync.enqueue("http.post", "/messages", "--payload", "hello", "--header", "A=b");

        assertThat(tidesync.run("show", id).out())
                .contains(
                        "id:              " + id,
                        "status:          PENDING",
                        "header:          A: b",
                        "text:            hello");
    }

    @Test
    void aPayloadComesFromAFileOrFromStandardInputByteByByte() throws IOException {
        byte[] bytes = {0, (byte) 0xff, '\r', '\n'};
        Path file = Files.write(directory.resolve("payload.bin"), bytes);

        String fromFile = tidesync.enqueue("http.put", "/a", "--payload-file", file.toString());
        String fromStdin = tidesync.stdin(bytes).enqueue("http.put", "/a", "-");

        assertThat(json(tidesync.run("show", fromFile, "--json"))
                        .path("payload_base64")
                        .binaryValue())
                .isEqualTo(bytes);
        assertThat(json(tidesync.run("show", fromStdin, "--json"))
                        .path("payload_base64")
                        .binaryValue())
                .isEqualTo(bytes);
    }

    @Test
    void delayAndExpiryCountFromNow() throws IOException {
        String id = tidesync.enqueue("http.post", "/a", "--delay", "5m", "--expires", "7d");

        JsonNode shown = json(tidesync.run("show", id, "--json"));
        long createdAt = shown.path("created_at_ms").longValue();

        assertThat(shown.path("next_retry_at_ms").longValue() - createdAt).isBetween(290_000L, 300_000L);
        assertThat(shown.path("expires_at_ms").longValue() - createdAt).isBetween(604_790_000L, 604_800_000L);
    }

    @Test
    void theSameIdAndIntentIsTheSameOperationAndAnotherIntentIsRefused() {
        tidesync.enqueue("http.post", "/a", "--id", "mine");

        assertThat(tidesync.enqueue("http.post", "/a", "--id", "mine")).isEqualTo("mine");
        Result other = tidesync.run("enqueue", "--kind", "http.post", "--target", "/b", "--id", "mine");

        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("mine");
        assertThat(tidesync.run("stats", "--json").out()).contains("\"total\":1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    enqueue                                         | --kind is missing
                    enqueue --kind http.post                        | --target is missing
                    enqueue --kind k.k --target t --header novalue  | --header expects NAME=VALUE but one of 7 characters has no '='
                    enqueue --kind k.k --target t --header =value   | --header expects NAME=VALUE but one of 6 characters has no name
                    enqueue --kind k.k --target t --delay 5         | expected a duration such as 500ms, 30s, 5m, 2h or 7d
                    enqueue --kind k.k --target t what              | enqueue does not expect 'what'
                    enqueue --kind k.k --target t --payload a -     | exclude each other
                    enqueue --kind k.k --target t --payload-file no | cannot read the payload
                    enqueue --batch a --kind k                      | --batch takes every field from its lines
                    enqueue --batch missing.ndjson                  | cannot read the batch
                    enqueue --kind k.k --target t --header Cookie=x | carries credentials
                    list --status LOST                              | expected one of
                    list --limit -1                                 | --limit must not be negative, was: -1
                    list --limit many                               | 'many' is not an int
                    retry                                           | retry needs either ids or --all-failed
                    retry a --all-failed                            | retry needs either ids or --all-failed
                    prune                                           | Missing required option: '--older-than=SPAN'
                    prune --older-than 7d --status waiting          | expected one of [DONE, DEAD_LETTER, dead-letter, ALL]
                    stats --data=                                   | --data must name a directory, was: ''
                    show                                            | Missing required parameter: 'ID'
                    import nothing.json                             | cannot read nothing.json
                    frobnicate                                      | there is no command 'frobnicate'
                    lisst                                           | did you mean 'list'?
                    stats --sett a=b                                | Unknown option
                    """)
    void badInputEndsWithOneSentenceAndExitCodeTwo(String line, String problem) {
        Result result = tidesync.run(line.split(" +"));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(problem).hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void listShowsWhatStillNeedsSomethingUpToTheLimit() {
        String first = tidesync.enqueue("http.post", "/1");
        tidesync.enqueue("http.post", "/2");
        String third = tidesync.enqueue("http.post", "/3");
        tidesync.run("cancel", third);

        assertThat(tidesync.run("list").lines()).hasSize(4).first().asString().startsWith("ID");
        assertThat(tidesync.run("list", "--json").lines())
                .hasSize(3)
                .first()
                .asString()
                .contains(first);
        assertThat(tidesync.run("list", "--json", "--status", "permanent_failed")
                        .onlyLine())
                .contains(third);
        Result limited = tidesync.run("list", "--limit", "1");
        assertThat(limited.lines()).hasSize(2);
        assertThat(limited.err()).contains("2 more; --limit shows them");
    }

    @Test
    void whatAnOperationHoldsCannotSteerTheTerminal() {
        tidesync.stdin("{\"kind\":\"k.k\",\"target\":\"\\u001b[2Jx\"}\n").run("enqueue", "--batch", "-");

        assertThat(tidesync.run("list").out()).doesNotContain("\u001b").contains("\\u001b[2Jx");
    }

    @Test
    void anUnknownIdEndsWithExitCodeOne() {
        for (String command : new String[] {"show", "cancel", "retry"}) {
            Result result = tidesync.run(command, "nobody");

            assertThat(result.exitCode()).as(command).isEqualTo(1);
            assertThat(result.err()).as(command).contains("nobody").hasLineCount(1);
        }
    }

    @Test
    void aCancelledOperationCanBeRetriedAndAWaitingOneCannot() throws IOException {
        String id = tidesync.enqueue("http.post", "/a");

        assertThat(tidesync.run("cancel", id).exitCode()).isZero();
        assertThat(json(tidesync.run("show", id, "--json")).path("last_error").textValue())
                .startsWith("cancelled");
        assertThat(tidesync.run("cancel", id).exitCode()).isEqualTo(1);

        assertThat(tidesync.run("retry", id).onlyLine()).isEqualTo("1 will be sent again");
        Result again = tidesync.run("retry", id);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains(id).contains("PENDING");
    }

    @Test
    void retryAllFailedTakesEveryOneAndNoOther() {
        for (int i = 0; i < 3; i++) {
            tidesync.run("cancel", tidesync.enqueue("http.post", "/" + i));
        }
        tidesync.enqueue("http.post", "/waiting");

        assertThat(tidesync.run("retry", "--all-failed", "--json").onlyLine()).isEqualTo("{\"retried\":3}");
        assertThat(tidesync.run("stats", "--json").onlyLine()).contains("\"pending\":4", "\"permanent_failed\":0");
    }

    @Test
    void aHeaderThatIsNoneIsNotShownSinceItMayBeASecret() {
        Result result = tidesync.run("enqueue", "--kind", "k.k", "--target", "t", "--header", "Bearer hunter2");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).doesNotContain("hunter2", "Bearer");
    }

    @Test
    void pruneForgetsWhatWasDeliveredAndKeepsDeadLettersUnlessAskedForThem() {
        tidesync.enqueue("http.post", "/delivered");
        tidesync.run("run", "--until-empty", "--set", "transports.fake.kinds=http.");
        String buried = tidesync.enqueue("http.post", "/buried");
        tidesync.run("cancel", buried);
        tidesync.enqueue("http.post", "/waiting");

        assertThat(tidesync.run("prune", "--older-than", "1h", "--status", "all")
                        .onlyLine())
                .isEqualTo("0 forgotten: 0 delivered, 0 failed for good");
        assertThat(tidesync.run("prune", "--older-than", "0s").onlyLine())
                .isEqualTo("1 forgotten: 1 delivered, 0 failed for good");
        assertThat(tidesync.run("show", buried).exitCode()).isZero();
        assertThat(tidesync.run("prune", "--older-than", "0s", "--status", "dead-letter", "--json")
                        .onlyLine())
                .isEqualTo("{\"pruned\":1,\"done\":0,\"permanent_failed\":1}");
        assertThat(tidesync.run("stats", "--json").onlyLine()).contains("\"pending\":1", "\"total\":1");
    }

    @Test
    void pruneAllForgetsBothAtOnce() {
        tidesync.enqueue("http.post", "/delivered");
        tidesync.run("run", "--until-empty", "--set", "transports.fake.kinds=http.");
        tidesync.run("cancel", tidesync.enqueue("http.post", "/buried"));

        assertThat(tidesync.run("prune", "--older-than", "0s", "--status", "ALL")
                        .onlyLine())
                .isEqualTo("2 forgotten: 1 delivered, 1 failed for good");
        assertThat(tidesync.run("stats", "--json").onlyLine()).contains("\"total\":0");
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        Result result = tidesync.run(CommandRig.FULL_DISK, "stats");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("the output could not be written and is incomplete")
                .hasLineCount(1);
    }

    @Test
    void aBatchStopsWhenItsIdsCannotBeWritten() {
        String lines = "{\"kind\":\"k.k\",\"target\":\"t\"}\n".repeat(600);

        Result result = tidesync.stdin(lines).run(CommandRig.FULL_DISK, "enqueue", "--batch", "-");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("stopped at line 512, up to which 512 are enqueued: their ids could not be written")
                .hasLineCount(1);
        assertThat(tidesync.run("stats", "--json").onlyLine()).contains("\"pending\":512");
    }

    @Test
    void transportsNamesARouteThatLeadsNowhere() {
        Result result = tidesync.run("transports", "--set", "transports.fake.kinds=http.", "--set", "routes.http.=fak");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("routes.http.", "did you mean 'fake'?");
    }

    @Test
    void statsCountsEveryStatus() {
        tidesync.enqueue("http.post", "/a");

        assertThat(tidesync.run("stats", "--json").onlyLine())
                .isEqualTo(
                        "{\"pending\":1,\"in_flight\":0,\"done\":0,\"failed\":0,\"permanent_failed\":0,\"total\":1}");
        assertThat(tidesync.run("stats").lines()).hasSize(6).last().asString().matches("total +1");
    }

    @Test
    void globalOptionsMayStandBeforeOrAfterTheCommandAndAddUp() {
        Result result = tidesync.run(
                "--set",
                "limits.max-target-bytes=5",
                "--json",
                "enqueue",
                "--set",
                "retry.max-attempts=1",
                "--kind",
                "k.k",
                "--target",
                "too long");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("target must have at most 5 bytes, had: 8");
    }

    @Test
    void everyMistakeInTheConfigurationIsNamedAtOnce() throws IOException {
        Path config = Files.writeString(directory.resolve("bad.properties"), """
                retry.max-atempts=3
                retry.base-delay=soon
                outbox.pretty-json=perhaps
                """);

        Result result = tidesync.run("stats", "--config", config.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "3 problems",
                        "did you mean 'max-attempts'",
                        "expected a duration",
                        "expected true or false",
                        "line 2");
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : new String[] {
            "demo", "enqueue", "run", "list", "show", "stats", "retry", "cancel", "prune", "transports", "import"
        }) {
            Result help = tidesync.run(command, "--help");

            assertThat(help.exitCode()).as(command).isZero();
            assertThat(help.out()).as(command).contains("Usage: tidesync " + command, "--data", "--json");
        }
        assertThat(tidesync.run("--help").out()).doesNotContain("demo-receiver");
    }

    @Test
    void versionNamesTheReleaseAndJava() {
        assertThat(tidesync.run("--version").onlyLine()).matches("tidesync \\d+\\.\\d+\\.\\d+\\S* \\(Java .+\\)");
    }

    @Test
    void aFileThatIsNoOutboxIsBadInput() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.json"), "this is no JSON");

        Result result = tidesync.run("import", garbage.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("garbage.json");
    }

    @Test
    void aVixOutboxIsTakenOverRowByRow() throws IOException {
        Path vix = Files.writeString(directory.resolve("vix.json"), """
                {"version":1,"owners":{},"ops":{
                 "a":{"id":"a","kind":"http.post","target":"/a","payload":"x","idempotency_key":"ka","created_at_ms":1700000000000,
                      "updated_at_ms":1700000000000,"attempt":0,"next_retry_at_ms":0,"status":0,"last_error":""},
                 "b":{"id":"b","target":"/b","status":0}}}
                """);

        Result result = tidesync.run("import", vix.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.onlyLine()).isEqualTo("1 imported, 1 refused");
        assertThat(result.err()).contains("b");
        assertThat(tidesync.run("show", "a", "--json").out()).contains("\"status\":\"PENDING\"");
    }

    @Test
    void withoutACommandItSaysHowToGoOn() {
        Result result = tidesync.run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("which command?", "tidesync --help");
    }

    private static JsonNode json(Result result) throws IOException {
        return JSON.readTree(result.onlyLine());
    }
}
