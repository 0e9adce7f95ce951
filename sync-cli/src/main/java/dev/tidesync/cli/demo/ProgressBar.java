package dev.tidesync.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** How far something is: a bar that is drawn over on a terminal, a plain line for every tenth elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 40;

    private final PrintWriter out;
    private final boolean interactive;
    private final int total;
    private int shownTenths = -1;

    ProgressBar(PrintWriter out, boolean interactive, int total) {
        this.out = out;
        this.interactive = interactive;
        this.total = total;
    }

    void show(int done) {
        if (interactive) {
            draw(done);
        } else {
            printTenths(done);
        }
        out.flush();
    }

    private void draw(int done) {
        int filled = (int) ((long) WIDTH * done / total);
        out.print(String.format(
                Locale.ROOT, "\r   [%s%s] %,d of %,d", "#".repeat(filled), ".".repeat(WIDTH - filled), done, total));
    }

    private void printTenths(int done) {
        int tenths = (int) (10L * done / total);
        if (tenths > shownTenths) {
            shownTenths = tenths;
            out.println(String.format(Locale.ROOT, "   %,d of %,d effects", done, total));
        }
    }

    /** Leaves the bar as it stands; what is printed next begins a new line. */
    void leave() {
        if (interactive) {
            out.println();
        }
    }
}
