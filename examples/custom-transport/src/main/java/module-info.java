import com.example.tidesync.file.FileTransportProvider;
import dev.tidesync.spi.SyncTransportProvider;

/** A transport that appends operations to files. */
module com.example.tidesync.file {
    requires dev.tidesync.api;

    provides SyncTransportProvider with
            FileTransportProvider;
}
