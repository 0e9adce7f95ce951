package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.control.EnqueueAnswer;
import dev.tidesync.engine.control.LineReader;
import dev.tidesync.engine.control.LineReader.Line;
import dev.tidesync.engine.control.OperationJson;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Enqueues one operation a line, in groups that share one wait for the disk. A group ends when it is large, or when no
 * more input is there, so that a slow producer gets each id at once.
 */
final class BatchEnqueue {
    private static final int GROUP_OPERATIONS = 512;
    private static final int GROUP_BYTES = 4 << 20;

    private final OutboxAccess outbox;
    private final TidesyncCommand global;

    private final List<Operation> group = new ArrayList<>();
    private final List<Long> groupLines = new ArrayList<>();
    private int groupBytes;
    private int accepted;
    private int refused;

    BatchEnqueue(OutboxAccess outbox, TidesyncCommand global) {
        this.outbox = outbox;
        this.global = global;
    }

    /** Enqueues every line that can be. Returns the exit code. */
    int run(InputStream input) throws IOException {
        LineReader lines = new LineReader(input, OperationJson.MAX_LINE_BYTES);
        Optional<Line> line = lines.next();
        while (line.isPresent()) {
            add(line.get());
            if (isGroupFull() || !lines.hasInput()) {
                enqueueGroup();
            }
            line = lines.next();
        }
        enqueueGroup();
        return finish();
    }

    private void add(Line line) {
        if (line.tooLong()) {
            refuse(line.number(), "a line must be at most " + OperationJson.MAX_LINE_BYTES + " bytes");
        } else if (!line.isBlank()) {
            parse(line);
        }
    }

    private void parse(Line line) {
        try {
            group.add(OperationJson.readNew(line.bytes()));
            groupLines.add(line.number());
            groupBytes += line.bytes().length;
        } catch (IllegalArgumentException badLine) {
            refuse(line.number(), String.valueOf(badLine.getMessage()));
        }
    }

    private boolean isGroupFull() {
        return group.size() >= GROUP_OPERATIONS || groupBytes >= GROUP_BYTES;
    }

    private void enqueueGroup() {
        if (group.isEmpty()) {
            return;
        }
        List<EnqueueAnswer> answers = enqueue();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).isAccepted()) {
                accepted++;
                EnqueueCommand.printId(global, answers.get(i).id());
            } else {
                refuse(groupLines.get(i), answers.get(i).problem());
            }
        }
        requireSomebodyReads();
        group.clear();
        groupLines.clear();
        groupBytes = 0;
    }

    /** Ids that nobody gets are no acknowledgements, so that to go on would be to enqueue behind a person's back. */
    private void requireSomebodyReads() {
        if (global.terminal().lostOutput()) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "stopped at line " + groupLines.get(groupLines.size() - 1) + ", up to which " + accepted
                            + " are enqueued: their ids could not be written");
        }
    }

    private List<EnqueueAnswer> enqueue() {
        try {
            return outbox.enqueueAll(group);
        } catch (OutboxStoreException failure) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "from line " + groupLines.get(0) + " on nothing is known to be enqueued: " + failure.getMessage(),
                    failure);
        }
    }

    private void refuse(long lineNumber, String problem) {
        refused++;
        global.terminal().note("line " + lineNumber + ": " + Terminal.visible(problem));
    }

    private int finish() {
        if (refused > 0) {
            global.terminal().note("tidesync: " + accepted + " enqueued, " + refused + " refused");
        }
        return refused == 0 ? ExitCode.OK : ExitCode.BAD_INPUT;
    }
}
