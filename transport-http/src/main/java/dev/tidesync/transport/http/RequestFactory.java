package dev.tidesync.transport.http;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.SendContext;
import dev.tidesync.transport.http.HttpIntent.BodyForm;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Makes the request that an operation stands for, or says why there is none. Safe for use by several threads. */
final class RequestFactory {
    /** How soon to look again whether a refused credential has been renewed; nothing is sent for that. */
    static final Duration CREDENTIAL_RECHECK = Duration.ofSeconds(10);

    /** Methods whose repetition has no further effect (RFC 9110 §9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    /** The only ones that OkHttp sends without a body; of others it wants at least an empty one. */
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

    private final HttpConfig config;
    private final RefusedCredentials refusedCredentials;
    private final GzipPolicy gzip;

    RequestFactory(HttpConfig config, RefusedCredentials refusedCredentials, GzipPolicy gzip) {
        this.config = config;
        this.refusedCredentials = refusedCredentials;
        this.gzip = gzip;
    }

    PreparedRequest prepare(Operation operation, SendContext context) throws UnsendableException {
        HttpIntent intent = HttpIntent.of(operation);
        HttpUrl url = config.targets().resolve(operation.target());
        Optional<String> key = config.idempotency().value(operation.idempotencyKey());
        Optional<Credentials.Header> credential = credential(url);
        Headers.Builder headers = headers(intent);
        key.ifPresent(value -> headers.set(config.idempotency().name(), value));
        credential.ifPresent(header -> headers.set(header.name(), header.value()));
        ByteString body = compressed(intent, url, headers);
        Request request = new Request.Builder()
                .url(url)
                .headers(headers.build())
                .method(intent.method(), requestBody(intent.method(), body))
                .build();
        return new PreparedRequest(
                request,
                credential,
                key.isPresent() || IDEMPOTENT.contains(intent.method()),
                !body.equals(intent.body()),
                context.attempt(),
                context.ambiguousBefore());
    }

    /** Headers of the settings, then of the operation, then what is still missing. */
    private Headers.Builder headers(HttpIntent intent) throws UnsendableException {
        Headers.Builder headers = new Headers.Builder();
        config.headers().forEach(headers::set);
        for (Map.Entry<String, String> header : intent.headers().entrySet()) {
            addChecked(headers, header.getKey(), header.getValue());
        }
        setIfAbsent(headers, "User-Agent", config.userAgent());
        // Left to itself OkHttp asks for gzip and inflates it, however large it grows.
        setIfAbsent(headers, "Accept-Encoding", "identity");
        if (intent.body().size() > 0) {
            setIfAbsent(headers, "Content-Type", contentType(intent));
        }
        return headers;
    }

    private void addChecked(Headers.Builder headers, String name, String value) throws UnsendableException {
        if (name.equalsIgnoreCase(config.idempotency().name())) {
            throw UnsendableException.permanent(
                    "http.header", "header '" + name + "' is this transport's to set; set the idempotency key instead");
        }
        try {
            headers.set(HeaderRules.requireName(name), HeaderRules.requireValue(name, value));
        } catch (IllegalArgumentException refused) {
            throw UnsendableException.permanent("http.header", String.valueOf(refused.getMessage()));
        }
    }

    private static void setIfAbsent(Headers.Builder headers, String name, String value) {
        if (headers.get(name) == null) {
            headers.set(name, value);
        }
    }

    private static String contentType(HttpIntent intent) {
        return intent.bodyForm() == BodyForm.BYTES
                ? ContentTypes.BYTES
                : ContentTypes.of(intent.body().toByteArray());
    }

    private Optional<Credentials.Header> credential(HttpUrl url) throws UnsendableException {
        try {
            Optional<Credentials.Header> credential = config.credentials().forRequestTo(url);
            if (credential.isPresent()) {
                refuseIfKnownBad(url, credential.get());
            }
            return credential;
        } catch (IllegalStateException notAvailable) {
            throw UnsendableException.blocked(Verdict.BLOCKED
                    .result("http.credentials", String.valueOf(notAvailable.getMessage()))
                    .withRetryAfter(CREDENTIAL_RECHECK));
        }
    }

    private void refuseIfKnownBad(HttpUrl url, Credentials.Header credential) throws UnsendableException {
        Optional<Duration> wait = refusedCredentials.waitFor(Origins.of(url), credential.value());
        if (wait.isPresent()) {
            throw UnsendableException.blocked(Verdict.BLOCKED
                    .result("http.401", Origins.of(url) + " refused these credentials before; renew them")
                    .withRetryAfter(sooner(wait.get(), CREDENTIAL_RECHECK)));
        }
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private ByteString compressed(HttpIntent intent, HttpUrl url, Headers.Builder headers) {
        if (headers.get("Content-Encoding") != null || !gzip.appliesTo(Origins.of(url), intent.body())) {
            return intent.body();
        }
        headers.set("Content-Encoding", "gzip");
        return GzipPolicy.compress(intent.body());
    }

    private static @Nullable RequestBody requestBody(String method, ByteString body) {
        return WITHOUT_BODY.contains(method) ? null : new OneShotBody(body);
    }
}
