package dev.tidesync.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiverLogIT {
    @TempDir
    Path directory;

    @Test
    void eachKeyWithAnEffectCountsOnce() throws IOException {
        ReceiverLog log = log("listening - -", "effect a op-1", "failure b op-2", "effect b op-2", "repeat a op-1");

        assertThat(log.isListening()).isTrue();
        assertThat(log.effects()).isEqualTo(2);
        assertThat(log.duplicates()).isZero();
        assertThat(log.count(ReceiverLog.FAILURE)).isEqualTo(1);
        assertThat(log.missing(List.of("a", "b", "c"))).containsExactly("c");
    }

    @Test
    void aKeyThatWasAppliedTwiceIsADuplicate() throws IOException {
        assertThat(log("effect a op-1", "effect a op-1").duplicates()).isEqualTo(1);
    }

    @Test
    void anOperationThatCameUnderTwoKeysIsADuplicate() throws IOException {
        assertThat(log("effect a op-1", "effect b op-1").duplicates()).isEqualTo(1);
    }

    @Test
    void aLogThatIsNotThereYetIsEmpty() throws IOException {
        assertThat(ReceiverLog.read(directory.resolve("none")).isListening()).isFalse();
    }

    private ReceiverLog log(String... lines) throws IOException {
        return ReceiverLog.read(Files.write(directory.resolve("log"), List.of(lines)));
    }
}
