package dev.tidesync.transport.http;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A request body that OkHttp may send once only, so that it cannot repeat a request on its own. */
final class OneShotBody extends RequestBody {
    private final ByteString bytes;

    OneShotBody(ByteString bytes) {
        this.bytes = bytes;
    }

    /** None: the Content-Type header is set on the request, character for character. */
    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return bytes.size();
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
    }
}
