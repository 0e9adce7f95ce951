package dev.tidesync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidesync.engine.SyncEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void whatTheQuickStartHandsOverArrives() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            QuickStart.main(new String[] {
                directory.toString(), "http://127.0.0.1:" + server.getAddress().getPort() + "/messages"
            });

            assertThat(received.isEmpty() ? afterRestart(received) : received.poll())
                    .isEqualTo("{\"text\":\"hello offline\"}");
        } finally {
            server.stop(0);
        }
    }

    /** The program may end before the operation has gone; then the next one sends it. */
    private String afterRestart(BlockingQueue<String> received) throws InterruptedException {
        try (SyncEngine sync = SyncEngine.open(directory)) {
            sync.start();
            return String.valueOf(received.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void theReadmeShowsThisVeryProgram() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String program = Files.readString(
                Path.of("src/main/java/dev/tidesync/examples/QuickStart.java").toAbsolutePath());

        assertThat(trimmedLines(between(readme, "```java\n", "```")))
                .isEqualTo(trimmedLines(between(program, "// begin README", "// end README")));
    }

    private static String between(String text, String from, String to) {
        int begin = text.indexOf(from) + from.length();
        return text.substring(begin, text.indexOf(to, begin));
    }

    private static List<String> trimmedLines(String text) {
        return text.lines().map(String::trim).filter(line -> !line.isEmpty()).toList();
    }
}
