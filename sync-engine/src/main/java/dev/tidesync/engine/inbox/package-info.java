/**
 * The inbox: operations that others send, each kept once and handed to the application until it has done its part.
 *
 * <p>{@link dev.tidesync.engine.inbox.FileInbox} is the way in. It keeps a log of its own in the format of the
 * outbox's.
 */
@NullMarked
package dev.tidesync.engine.inbox;

import org.jspecify.annotations.NullMarked;
