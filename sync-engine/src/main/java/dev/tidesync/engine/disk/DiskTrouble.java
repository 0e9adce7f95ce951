package dev.tidesync.engine.disk;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what a disk's failure means and what to do about it. */
public final class DiskTrouble {
    private DiskTrouble() {}

    /** The failure in words, with its cure where there is a known one. */
    public static String describe(IOException failure) {
        String problem = reason(failure);
        String cure = cure(failure);
        return cure == null ? problem : problem + "; " + cure;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof AccessDeniedException denied) {
            return "access to " + denied.getFile() + " is denied";
        }
        if (failure instanceof SyncFailedException) {
            return "the disk refused to force what was written";
        }
        if (failure instanceof FileSystemException trouble && trouble.getReason() == null) {
            return trouble.getClass().getSimpleName() + " " + trouble.getFile();
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static @Nullable String cure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason = reason(cause).toLowerCase(Locale.ROOT);
            if (cause instanceof AccessDeniedException || reason.contains("permission denied")) {
                return "let this user write there, or use another directory";
            }
            if (cause instanceof SyncFailedException || reason.contains("input/output error")) {
                return "check the disk, the system's log says more";
            }
            if (reason.contains("no space left")) {
                return "free some space on this disk";
            }
            if (reason.contains("read-only file system")) {
                return "mount it writable, or use another directory";
            }
            if (reason.contains("too many open files")) {
                return "raise the limit of open files";
            }
        }
        return null;
    }
}
