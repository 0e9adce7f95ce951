package dev.tidesync.transport.http;

import okhttp3.Request;

/** A request that is ready to go, and what must be known of it to judge its answer. Immutable. */
record PreparedRequest(
        Request request,
        String credential,
        boolean repeatable,
        boolean compressed,
        int attempt,
        boolean ambiguousBefore) {

    /** Shorter secrets are left alone in texts, since replacing each occurrence would garble the text. */
    private static final int SHORTEST_SECRET = 4;

    /** Scheme, host and port: what refuses credentials or compression as one. */
    String origin() {
        return Origins.of(request.url());
    }

    String withoutCredentials(String text) {
        String secret = credential.substring(credential.indexOf(' ') + 1);
        return secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "••••");
    }

    /** Method and URL, without anything secret. */
    @Override
    public String toString() {
        return request.method() + " " + SafeText.url(request.url());
    }
}
