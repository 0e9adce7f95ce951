package dev.tidesync.tck;

import dev.tidesync.spi.Inbox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link Inbox} must do, as numbered rules. An inbox's author extends this class:
 *
 * <pre>{@code
 * class MyInboxTest extends InboxContract {
 *     @TempDir Path directory;
 *
 *     protected Opened openInbox() {
 *         MyInbox inbox = MyInbox.open(directory);
 *         return new Opened(inbox, inbox::close);
 *     }
 * }
 * }</pre>
 *
 * Handlers that failed should run again within a second or so, or the rules take long.
 */
public abstract class InboxContract implements InboxAcceptanceRules, InboxHandlingRules {
    private @Nullable Opened opened;

    /** For subclasses. */
    protected InboxContract() {}

    /**
     * An open inbox and how to close it.
     *
     * @param inbox the inbox
     * @param closing closes it, as the end of its process would
     */
    public record Opened(Inbox inbox, Runnable closing) {}

    /** Opens the inbox under test; each time in the same place during one test, in a new place for each test. */
    protected abstract Opened openInbox() throws Exception;

    /** Opens the inbox before each rule. */
    @BeforeEach
    public final void openTheInbox() throws Exception {
        opened = openInbox();
    }

    /** Closes it afterwards. */
    @AfterEach
    public final void closeTheInbox() {
        if (opened != null) {
            opened.closing().run();
        }
    }

    @Override
    public final Inbox inbox() {
        if (opened == null) {
            throw new IllegalStateException("the inbox is not open yet");
        }
        return opened.inbox();
    }

    @Override
    public final Inbox reopen() {
        closeTheInbox();
        try {
            openTheInbox();
        } catch (Exception failure) {
            throw new AssertionError("the inbox could not be opened again", failure);
        }
        return inbox();
    }
}
