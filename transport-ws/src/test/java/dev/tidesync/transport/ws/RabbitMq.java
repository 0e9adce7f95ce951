package dev.tidesync.transport.ws;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * RabbitMQ as Debian packages it, with STOMP over WebSocket: in processes and a directory of its own, at ports of the
 * loopback interface that were free.
 */
final class RabbitMq implements AutoCloseable {
    static final String USER = "ann";
    static final String PASSWORD = "secret";

    /** The one in /usr/sbin changes to another user. */
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final int namesPort;
    private final int clusterPort;
    /** Erlang's name service, which each node registers with; left to itself it would outlive the test. */
    private final Process names;

    private Process server;

    private RabbitMq(Path directory) throws IOException {
        this.directory = directory;
        try (ServerSocket first = new ServerSocket(0);
                ServerSocket second = new ServerSocket(0);
                ServerSocket third = new ServerSocket(0)) {
            port = first.getLocalPort();
            namesPort = second.getLocalPort();
            clusterPort = third.getLocalPort();
        }
        Files.writeString(directory.resolve("enabled_plugins"), "[rabbitmq_web_stomp].\n");
        Files.writeString(
                directory.resolve("rabbitmq.conf"),
                String.join(
                        "\n",
                        "listeners.tcp = none",
                        "stomp.listeners.tcp = none",
                        "web_stomp.tcp.ip = 127.0.0.1",
                        "web_stomp.tcp.port = " + port,
                        "default_user = " + USER,
                        "default_pass = " + PASSWORD,
                        ""));
        names = process(List.of("epmd", "-port", "" + namesPort, "-address", "127.0.0.1"), "epmd.log");
        awaitListening(namesPort, names, "epmd.log");
        server = startServer();
    }

    static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /** A broker that takes connections. */
    static RabbitMq startedIn(Path directory) throws IOException {
        return new RabbitMq(directory);
    }

    /** Where its WebSocket endpoint listens. */
    int port() {
        return port;
    }

    private Process startServer() throws IOException {
        Process started = process(List.of(SERVER.toString()), "rabbitmq.log");
        awaitListening(port, started, "rabbitmq.log");
        return started;
    }

    private Process process(List<String> command, String logName) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        directory.toString(),
                        "RABBITMQ_NODENAME",
                        "tidesync" + port + "@localhost",
                        "RABBITMQ_CONF_ENV_FILE",
                        directory.resolve("no-such-file").toString(),
                        "RABBITMQ_CONFIG_FILE",
                        directory.resolve("rabbitmq.conf").toString(),
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        directory.resolve("enabled_plugins").toString(),
                        "RABBITMQ_MNESIA_BASE",
                        directory.resolve("data").toString(),
                        "RABBITMQ_LOGS",
                        "-",
                        "RABBITMQ_DIST_PORT",
                        "" + clusterPort,
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-kernel inet_dist_use_interface {127,0,0,1}",
                        "ERL_EPMD_PORT",
                        "" + namesPort));
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(logName).toFile()))
                .start();
    }

    private void awaitListening(int awaited, Process process, String logName) throws IOException {
        await().atMost(START_TIMEOUT).until(() -> !process.isAlive() || listens(awaited));
        if (!process.isAlive()) {
            throw new IOException(process.info() + " ended: " + Files.readString(directory.resolve(logName)));
        }
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends it without a word to anybody. */
    void kill() {
        kill(server);
    }

    /** Starts it again, with the queues that it had on disk. */
    void restart() throws IOException {
        server = startServer();
    }

    private static void kill(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    @Override
    public void close() {
        kill(server);
        kill(names);
    }
}
