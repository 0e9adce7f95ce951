package dev.tidesync.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter out = new StringWriter();

    @Test
    void onATerminalTheBarIsDrawnOver() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), true, 1000);

        bar.show(0);
        bar.show(500);
        bar.leave();

        assertThat(out.toString())
                .contains("\r   [" + ".".repeat(40) + "] 0 of 1,000")
                .contains("\r   [" + "#".repeat(20) + ".".repeat(20) + "] 500 of 1,000")
                .endsWith(System.lineSeparator());
    }

    @Test
    void elsewhereEveryTenthIsOneLine() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), false, 1000);

        for (int done = 0; done <= 1000; done++) {
            bar.show(done);
        }
        bar.leave();

        assertThat(out.toString().lines()).hasSize(11).first().asString().isEqualTo("   0 of 1,000 effects");
    }
}
