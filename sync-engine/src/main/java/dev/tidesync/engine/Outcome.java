package dev.tidesync.engine;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;

/**
 * How one send ended.
 *
 * @param delivery the send
 * @param result what follows from it
 * @param fromTransport whether the transport said so itself, and so tells something about the destination
 */
record Outcome(Delivery delivery, SendResult result, boolean fromTransport) {
    private static final int LONGEST_MESSAGE = 500;

    static Outcome answered(Delivery delivery, SendResult result) {
        return new Outcome(delivery, result, true);
    }

    /** The transport broke its contract: no stage, or a stage completed with null. */
    static Outcome noResult(Delivery delivery) {
        return engineSays(delivery, "engine.no-result", "transport returned no result");
    }

    static Outcome overdue(Delivery delivery, long timeoutMs) {
        return engineSays(delivery, "engine.deadline", "no answer within " + timeoutMs + " ms");
    }

    static Outcome threw(Delivery delivery, Throwable failure) {
        if (failure instanceof SendThreads.AllBusyException busy) {
            SendResult released = SendResult.retryable(String.valueOf(busy.getMessage()))
                    .withCode("engine.busy")
                    .withScope(Scope.NETWORK);
            return new Outcome(delivery, released, false);
        }
        return engineSays(delivery, "engine.exception", describe(failure));
    }

    /** A failure that the engine saw; nobody can tell whether the receiver applied the operation. */
    private static Outcome engineSays(Delivery delivery, String code, String error) {
        SendResult result = SendResult.retryable(error).withCode(code).withAmbiguous(true);
        return new Outcome(delivery, result, false);
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        String hint = failure instanceof LinkageError
                ? "; the plugin and the libraries it was loaded with do not fit together"
                : "";
        String text = "transport threw " + failure.getClass().getSimpleName() + message;
        return text.substring(0, Math.min(text.length(), LONGEST_MESSAGE)) + hint;
    }
}
