/**
 * Delivers {@code http.} operations with OkHttp: one request an attempt, and a {@code SendResult} that says what its
 * answer means for the outbox.
 *
 * <p>An attempt goes {@code HttpTransport} → {@code RequestFactory} (what to send, or why it cannot be sent) →
 * {@code HttpAttempt} (the call) → {@code StatusClassifier} or {@code FailureClassifier} (what became of it).
 */
@NullMarked
package dev.tidesync.transport.http;

import org.jspecify.annotations.NullMarked;
