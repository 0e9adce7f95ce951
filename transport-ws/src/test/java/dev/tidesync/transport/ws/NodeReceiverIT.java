package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver that is not ours: npm's ws, in the dozen lines of JavaScript that are kept as an example. */
class NodeReceiverIT {
    private static final Path SOURCES = Path.of("..", "examples", "websocket-receiver");

    @TempDir
    private Path directory;

    private Process node;
    private BufferedReader output;
    private String url;

    @BeforeEach
    void startTheReceiver() throws Exception {
        for (String file : List.of("package.json", "package-lock.json", "receiver.js")) {
            Files.copy(SOURCES.resolve(file), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assumeTrue(runs("npm", "ci", "--no-audit", "--no-fund"), "npm or its registry is not there: ws is not tested");
        node = new ProcessBuilder("node", "receiver.js")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = node.inputReader(StandardCharsets.UTF_8);
        url = "ws://127.0.0.1:" + output.readLine() + "/";
    }

    private boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(60, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException notThere) {
            return false;
        }
    }

    @AfterEach
    void stopTheReceiver() {
        if (node != null) {
            node.destroyForcibly();
        }
    }

    @Test
    void operationsArriveOnceEachWhateverIsSentTwice() throws Exception {
        List<Operation> operations = IntStream.range(0, 200)
                .mapToObj(i -> operation(url, "payload-" + i))
                .toList();
        try (ISyncTransport transport = transport()) {
            List<CompletableFuture<SendResult>> results =
                    operations.stream().map(each -> start(transport, each)).toList();
            assertThat(results).map(WsFixture::await).allMatch(SendResult::ok);
            assertThat(send(transport, operations.get(7)).ok()).isTrue();
        }
        node.getOutputStream().close();

        assertThat(output.lines())
                .containsExactlyElementsOf(operations.stream()
                        .map(each -> each.idempotencyKey() + " " + each.payloadText())
                        .toList());
    }
}
