/** The plugin that delivers {@code http.} operations with OkHttp. */
module dev.tidesync.transport.http {
    requires com.fasterxml.jackson.databind;
    requires dev.tidesync.api;
    requires okhttp3;
    requires org.slf4j;
    requires static org.jspecify;

    provides dev.tidesync.spi.SyncTransportProvider with
            dev.tidesync.transport.http.HttpTransportProvider;
}
