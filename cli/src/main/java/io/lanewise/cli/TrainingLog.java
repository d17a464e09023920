package io.lanewise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.lanewise.training.EpochReport;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a line of CSV for each epoch as it ends, so that a run can be watched. The file is replaced when the first
 * epoch has ended, or by the history of a run that goes on. What cannot be written, as on a full disk, is told once:
 * the run is worth more than its log.
 */
final class TrainingLog implements TrainingListener, AutoCloseable {
    private final Path file;
    private final long stepsPerEpoch;
    private final PrintWriter err;
    private @Nullable CsvWriter csv;
    private boolean failed;

    /**
     * Of a run; writes nothing yet.
     *
     * @param err where to say that it cannot be written
     */
    TrainingLog(final Path file, final long stepsPerEpoch, final PrintWriter err) {
        this.file = file;
        this.stepsPerEpoch = stepsPerEpoch;
        this.err = err;
    }

    @Override
    public void onResume(final TrainingState state) {
        state.history().forEach(this::onEpoch);
    }

    @Override
    public void onEpoch(final EpochReport report) {
        if (failed) {
            return;
        }
        try {
            final CsvWriter open = open();
            open.writeRecord(
                    Integer.toString(report.epoch()),
                    Long.toString(report.epoch() * stepsPerEpoch),
                    Double.toString(report.loss()),
                    Text.format("%.6g", report.learningRate()),
                    known(report.validationLoss()),
                    known(report.validationScore()),
                    Long.toString(Math.round(report.rowsPerSecond())));
            open.flush();
        } catch (final IOException | UncheckedIOException e) {
            fail(e);
        }
    }

    private void fail(final Exception e) {
        failed = true;
        final Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        err.println("lanewise: the log " + file + " could not be written, and ends before this epoch; training goes on"
                + " (" + (cause == null ? e : cause).getMessage() + ")");
    }

    private CsvWriter open() throws IOException {
        CsvWriter open = csv;
        if (open == null) {
            open = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
            csv = open;
            open.writeRecord(
                    "epoch",
                    "steps",
                    "loss",
                    "learning_rate",
                    "validation_loss",
                    "validation_score",
                    "rows_per_second");
        }
        return open;
    }

    private static String known(final double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    @Override
    public void close() {
        if (csv == null) {
            return;
        }
        try {
            csv.close();
        } catch (final IOException | UncheckedIOException e) {
            if (!failed) {
                fail(e);
            }
        }
    }
}
