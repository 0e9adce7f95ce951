package dev.tidesync.transport.http;

import okhttp3.HttpUrl;

/** Names the scheme, host and port of a URL, which a receiver's refusals are remembered by. */
final class Origins {
    private Origins() {}

    static String of(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.scheme() + "://" + host + ":" + url.port();
    }
}
