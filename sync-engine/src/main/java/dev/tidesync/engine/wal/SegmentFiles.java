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
 * closed first. Safe for use by many threads, one of which reads at a time.
 */
final class SegmentFiles implements Closeable {
    private static final int MAX_OPEN = 16;

    private final LogStorage storage;
    private final Map<String, LogFile> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);

    SegmentFiles(LogStorage storage) {
        this.storage = storage;
    }

    /** Reads of one file. */
    ByteSource source(String file) {
        return (position, target, offset, length) -> read(file, position, target, offset, length);
    }

    synchronized int read(String file, long position, byte[] target, int offset, int length) throws IOException {
        return handle(file).read(position, target, offset, length);
    }

    synchronized long size(String file) throws IOException {
        return handle(file).size();
    }

    private LogFile handle(String file) throws IOException {
        LogFile known = open.get(file);
        if (known != null) {
            return known;
        }
        if (open.size() >= MAX_OPEN) {
            closeEldest();
        }
        LogFile opened = storage.open(file);
        open.put(file, opened);
        return opened;
    }

    private void closeEldest() throws IOException {
        Iterator<LogFile> eldestFirst = open.values().iterator();
        LogFile eldest = eldestFirst.next();
        eldestFirst.remove();
        eldest.close();
    }

    @Override
    public synchronized void close() throws IOException {
        List<LogFile> files = new ArrayList<>(open.values());
        open.clear();
        for (LogFile file : files) {
            file.close();
        }
    }
}
