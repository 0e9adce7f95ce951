/** The {@code tidesync} command. */
module dev.tidesync.cli {
    requires com.fasterxml.jackson.databind;
    requires dev.tidesync.engine;
    requires dev.tidesync.metrics;
    requires info.picocli;
    requires jdk.httpserver;
    requires static org.jspecify;

    opens dev.tidesync.cli to
            info.picocli;
}
