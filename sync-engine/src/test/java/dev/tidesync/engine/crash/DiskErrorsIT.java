package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.engine.store.FileOutboxStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets each system call that a store makes on its files fail, in a process of its own under {@code strace}, which puts
 * the error in the kernel's place. Whatever fails, the process ends by itself with the store's own exception at most,
 * and everything it acknowledged is there when the disk works again. Every fifth fault is tried;
 * {@code -Ddisk.every-fault=true} tries all.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DiskErrorsIT {
    private static final Path STRACE = Path.of("/usr/bin/strace");
    private static final int PROCESS_SECONDS = 60;
    private static final boolean EVERY_FAULT = Boolean.getBoolean("disk.every-fault");
    private static final int SAMPLING = 5;

    /** One call that fails: which, how, and at which of its occurrences, as strace writes them. */
    record Fault(String call, String how, String when) {
        @Override
        public String toString() {
            return call + " " + how + " when " + when;
        }
    }

    @TempDir
    Path directory;

    static Stream<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        add(faults, "write,pwrite64", List.of("EIO", "ENOSPC", "EROFS"), List.of("1", "6", "20", "30+"));
        add(faults, "fsync,fdatasync", List.of("EIO", "ENOSPC"), List.of("1", "4", "9", "20+"));
        add(faults, "read,pread64", List.of("EIO"), List.of("1", "2", "5", "20+"));
        add(faults, "openat", List.of("EMFILE", "EACCES", "EIO", "ENOSPC", "EROFS"), List.of("1", "3", "25+"));
        add(faults, "rename,renameat,renameat2", List.of("EIO", "ENOSPC", "EROFS"), List.of("1+"));
        add(faults, "ftruncate", List.of("EIO"), List.of("1"));
        return IntStream.range(0, faults.size())
                .filter(number -> EVERY_FAULT || number % SAMPLING == 0)
                .mapToObj(faults::get);
    }

    private static void add(List<Fault> faults, String call, List<String> errors, List<String> occurrences) {
        errors.forEach(error -> occurrences.forEach(when -> faults.add(new Fault(call, "error=" + error, when))));
    }

    @BeforeAll
    static void requireStrace() throws Exception {
        assumeTrue(Files.isExecutable(STRACE), "skipped: strace is not installed, which makes system calls fail");
        Process probe = new ProcessBuilder(STRACE.toString(), "-qq", "-e", "trace=none", "true").start();
        assumeTrue(
                probe.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0,
                "skipped: strace may not trace here");
    }

    /** Each of them once, so that the next one succeeds: what the page cache shows then may be nowhere else. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 12})
    void afterOneFailedForceNothingIsAcknowledgedAlthoughTheNextOneWouldSucceed(int occurrence) throws Exception {
        whatWasAcknowledgedIsThereWhenTheDiskWorksAgain(
                new Fault("fdatasync", "error=EIO", String.valueOf(occurrence)));
    }

    /** The first is that of the opening, the second that of a new file of the log. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aNameThatCannotBeMadeDurableIsAFailedForce(int occurrence) throws Exception {
        whatWasAcknowledgedIsThereWhenTheDiskWorksAgain(new Fault("fsync", "error=EIO", String.valueOf(occurrence)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatWasAcknowledgedIsThereWhenTheDiskWorksAgain(Fault fault) throws Exception {
        List<String> acknowledged = acknowledged(run(List.of(), "before"));
        List<String> faulty = run(underStrace(fault), "faulty");
        acknowledged.addAll(acknowledged(faulty));
        assertThat(injected()).as("failed calls").isPositive();
        assertThat(faulty).as("how the process ended").last().isEqualTo("END");
        assertThat(faulty)
                .filteredOn(line -> line.startsWith("FAILED"))
                .allSatisfy(line -> assertThat(line).contains("outbox"));
        try (FileOutboxStore store = FileOutboxStore.open(
                FileOutboxStore.Config.builder().filePath(outboxFile()).build())) {
            assertThat(store.recovery().damages()).isEmpty();
            assertThat(acknowledged)
                    .allSatisfy(id -> assertThat(store.get(id))
                            .as(id)
                            .hasValueSatisfying(
                                    kept -> assertThat(kept.payload()).isEqualTo(CrashingProcess.payloadOf(id))));
        }
    }

    private static List<String> acknowledged(List<String> lines) {
        List<String> acknowledged = new ArrayList<>();
        lines.stream()
                .filter(line -> line.startsWith("ACK "))
                .map(line -> line.substring(4))
                .forEach(acknowledged::add);
        return acknowledged;
    }

    /** Only calls on the outbox's own files fail: the Java runtime makes others. */
    private List<String> underStrace(Fault fault) {
        List<String> command = new ArrayList<>(List.of(
                STRACE.toString(),
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-o",
                directory.resolve("strace.txt").toString()));
        Stream.concat(
                        Stream.of(
                                "",
                                "/outbox.json",
                                "/outbox.json.tmp",
                                "/outbox.lock",
                                "/outbox.next",
                                "/outbox.reserve"),
                        segments())
                .forEach(file -> command.addAll(List.of("-P", data() + file)));
        command.addAll(List.of(
                "-e",
                "trace=" + fault.call(),
                "-e",
                "inject=" + fault.call() + ":" + fault.how() + ":when=" + fault.when()));
        return command;
    }

    private static Stream<String> segments() {
        return IntStream.rangeClosed(1, 30)
                .mapToObj(number ->
                        "/outbox-" + String.valueOf(1_000_000 + number).substring(1) + ".log");
    }

    private List<String> run(List<String> prefix, String idPrefix) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                FaultyDiskProcess.class.getName(),
                outboxFile().toString(),
                idPrefix));
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(ended).as("the process hung; it said %s", lines).isTrue();
        assertThat(process.exitValue())
                .as("exit code; the process said %s", lines)
                .isZero();
        return lines;
    }

    private long injected() throws IOException {
        try (Stream<String> calls = Files.lines(directory.resolve("strace.txt"), StandardCharsets.UTF_8)) {
            return calls.filter(call -> call.endsWith("(INJECTED)")).count();
        }
    }

    private Path outboxFile() {
        return data().resolve("outbox.json");
    }

    private Path data() {
        return directory.resolve("data");
    }
}
