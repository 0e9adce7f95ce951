package dev.tidesync.transport.http;

import java.util.Optional;
import okhttp3.Request;

/** A request that is ready to go, and what must be known of it to judge its answer. Immutable. */
record PreparedRequest(
        Request request,
        Optional<Credentials.Header> credential,
        boolean repeatable,
        boolean compressed,
        int attempt,
        boolean ambiguousBefore) {

    /** Scheme, host and port: what refuses credentials or compression as one. */
    String origin() {
        return Origins.of(request.url());
    }

    String withoutCredentials(String text) {
        return credential.map(header -> header.mask(text)).orElse(text);
    }

    /** Method and URL, without anything secret. */
    @Override
    public String toString() {
        return request.method() + " " + SafeText.url(request.url());
    }
}
