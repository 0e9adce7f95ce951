package dev.tidesync.engine.crash;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Uses a store while its process runs out of memory outside of the heap, or of file handles. */
final class ScarceResourcesProcess {
    private static final int SEGMENT_BYTES = 64 * 1024;
    private static final int OPERATIONS = 200;

    private ScarceResourcesProcess() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (FileOutboxStore store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(Path.of(args[1]))
                .segmentBytes(SEGMENT_BYTES)
                .build())) {
            if (args[0].equals("memory")) {
                useUpMemory(store, out);
            } else {
                useUpHandles(store, out);
            }
        }
        out.println("END");
    }

    private static void useUpMemory(FileOutboxStore store, PrintStream out) {
        try {
            for (int batch = 0; ; batch++) {
                String prefix = "op-" + batch + "-";
                List<String> ids =
                        IntStream.range(0, OPERATIONS).mapToObj(i -> prefix + i).toList();
                store.putAll(ids.stream().map(ScarceResourcesProcess::operation).toList());
                ids.forEach(id -> out.println("ACK " + id));
            }
        } catch (OutboxStoreException full) {
            out.println("FAILED " + full.reason() + " " + full.getMessage());
        }
        try {
            out.println("COUNTED " + store.counts());
        } catch (OutboxStoreException refused) {
            out.println("REFUSED " + refused.reason());
        }
    }

    /** With every handle taken the log goes on in the file it has open, and rolls when there are handles again. */
    private static void useUpHandles(FileOutboxStore store, PrintStream out) throws Exception {
        loadClassesOf(FileOutboxStore.class, "store", "wal", "disk");
        enqueue(store, "before", out);
        List<FileInputStream> taken = takeAllHandles();
        out.println("TAKEN " + taken.size());
        for (int i = 0; i < OPERATIONS; i++) {
            enqueue(store, "scarce-" + i, out);
        }
        for (FileInputStream handle : taken) {
            handle.close();
        }
        for (int i = 0; i < OPERATIONS; i++) {
            enqueue(store, "after-" + i, out);
        }
        out.println("PENDING " + store.counts().get(OperationStatus.PENDING));
    }

    /** A class that is first needed when no file can be opened cannot be had. */
    private static void loadClassesOf(Class<?> known, String... packages) throws IOException, URISyntaxException {
        Path place = Path.of(
                known.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(place)) {
            return; // a JAR stays open
        }
        for (String name : packages) {
            try (Stream<Path> files =
                    Files.list(place.resolve("dev/tidesync/engine").resolve(name))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.startsWith("package-info"))
                        .forEach(file -> load("dev.tidesync.engine." + name + "." + file.replace(".class", "")));
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }

    private static List<FileInputStream> takeAllHandles() {
        List<FileInputStream> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(new FileInputStream("/dev/null"));
            } catch (IOException allTaken) {
                return taken;
            }
        }
    }

    private static void enqueue(FileOutboxStore store, String id, PrintStream out) {
        store.put(operation(id));
        out.println("ACK " + id);
    }

    private static Operation operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("test.write")
                .target("/")
                .payload(CrashingProcess.payloadOf(id))
                .build();
    }
}
