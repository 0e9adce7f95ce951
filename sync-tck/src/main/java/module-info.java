/** Contract tests that authors of transports and outbox stores extend. */
module dev.tidesync.tck {
    requires transitive dev.tidesync.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.tidesync.tck;

    opens dev.tidesync.tck to
            org.junit.platform.commons;
}
