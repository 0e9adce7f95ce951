package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Positional reads from the segments' files, through a bounded number of open handles; the one used least recently is
 * closed first.
 *
 * <p><b>Threads:</b> safe for use by many. Reads of several files, and to some degree of one, run side by side.
 */
final class SegmentFiles implements Closeable {
    private static final int MAX_OPEN = 64;
    /** Handles of one file: reads through the same handle wait for each other. */
    private static final int HANDLES_PER_FILE = 4;

    private record Key(String file, int stripe) {}

    /** A handle is closed when nobody reads through it any more. */
    private static final class Handle {
        private final LogFile file;
        private int readers;
        private boolean retired;

        Handle(LogFile file) {
            this.file = file;
        }
    }

    private final LogStorage storage;
    // Guarded by this, as are the fields of the handles; never held during a read:
    private final Map<Key, Handle> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);
    private boolean closed;

    SegmentFiles(LogStorage storage) {
        this.storage = storage;
    }

    /** Reads of one file. */
    ByteSource source(String file) {
        return (position, target, offset, length) -> read(file, position, target, offset, length);
    }

    int read(String file, long position, byte[] target, int offset, int length) throws IOException {
        Handle handle = acquire(file);
        try {
            return handle.file.read(position, target, offset, length);
        } finally {
            release(handle);
        }
    }

    long size(String file) throws IOException {
        Handle handle = acquire(file);
        try {
            return handle.file.size();
        } finally {
            release(handle);
        }
    }

    private synchronized Handle acquire(String file) throws IOException {
        if (closed) {
            throw new IOException("the log is closed");
        }
        Key key = new Key(file, (int) (Thread.currentThread().getId() % HANDLES_PER_FILE));
        Handle handle = open.get(key);
        if (handle == null) {
            handle = new Handle(storage.open(file));
            open.put(key, handle);
            retireEldest();
        }
        handle.readers++;
        return handle;
    }

    private synchronized void release(Handle handle) throws IOException {
        handle.readers--;
        closeIfIdle(handle);
    }

    private void retireEldest() throws IOException {
        if (open.size() > MAX_OPEN) {
            Iterator<Handle> eldestFirst = open.values().iterator();
            Handle eldest = eldestFirst.next();
            eldestFirst.remove();
            retire(eldest);
        }
    }

    /** Closes a file that is about to be deleted. */
    synchronized void forget(String file) throws IOException {
        List<Handle> handles = new ArrayList<>();
        for (int stripe = 0; stripe < HANDLES_PER_FILE; stripe++) {
            Handle handle = open.remove(new Key(file, stripe));
            if (handle != null) {
                handles.add(handle);
            }
        }
        for (Handle handle : handles) {
            retire(handle);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        List<Handle> handles = new ArrayList<>(open.values());
        open.clear();
        for (Handle handle : handles) {
            retire(handle);
        }
    }

    private static void retire(Handle handle) throws IOException {
        handle.retired = true;
        closeIfIdle(handle);
    }

    private static void closeIfIdle(Handle handle) throws IOException {
        if (handle.retired && handle.readers == 0) {
            handle.file.close();
        }
    }
}
