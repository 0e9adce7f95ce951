package dev.tidesync.engine.crash;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Puts whole lives of operations through a store whose disk fails somewhere, and says on standard output what was
 * acknowledged and how it ended. An exception other than the store's own ends it with a stack trace and exit code 1.
 */
final class FaultyDiskProcess {
    private static final int OPERATIONS = 60;

    private FaultyDiskProcess() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (FileOutboxStore store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(Path.of(args[0]))
                .segmentBytes(16 * 1024)
                .build())) {
            for (int i = 0; i < OPERATIONS; i++) {
                try {
                    live(store, args[1] + "-" + i, out);
                } catch (OutboxStoreException failure) {
                    requireRefusal(store, args[1] + "-after-" + i, failure);
                    throw failure;
                }
            }
        } catch (OutboxStoreException failure) {
            out.println("FAILED " + failure.getMessage());
        }
        out.println("END");
    }

    /** A disk that failed once may succeed the next time, having lost what it was given: nobody must believe it. */
    private static void requireRefusal(FileOutboxStore store, String id, OutboxStoreException first) {
        if (first.reason() == OutboxStoreException.Reason.TAKES_NO_MORE) {
            try {
                store.put(operation(id));
            } catch (OutboxStoreException expected) {
                return;
            }
            throw new AssertionError("operation '" + id + "' was acknowledged after the disk had failed");
        }
    }

    private static Operation operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("test.write")
                .target("/")
                .payload(CrashingProcess.payloadOf(id))
                .build();
    }

    private static void live(FileOutboxStore store, String id, PrintStream out) {
        long nowMs = InstantSource.system().millis();
        store.put(operation(id));
        out.println("ACK " + id);
        if (store.claim(id, "test", nowMs)) {
            store.markDone(id, nowMs);
        }
        if (store.get(id).isEmpty()) {
            throw new AssertionError("operation '" + id + "' was acknowledged and is gone");
        }
    }
}
