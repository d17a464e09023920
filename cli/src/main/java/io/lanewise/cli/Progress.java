package io.lanewise.cli;

import io.lanewise.training.EarlyStoppingState;
import io.lanewise.training.EpochReport;
import io.lanewise.training.Schedule;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingState;
import java.io.PrintWriter;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a training run goes: a live bar on a terminal, some twenty lines elsewhere. The run's rows per second
 * are the epoch's own, validation not counted.
 */
final class Progress implements TrainingListener, AutoCloseable {
    private static final int LINES = 20;
    private static final int BAR = 22; // columns of the bar itself, without the numbers of rows
    private static final int COLUMNS = Integer.getInteger("lanewise.columns", 80);
    private static final long INTERVAL = 50_000_000; // nanoseconds

    private final PrintWriter err;
    private final TrainingOptions options;
    private final int epochs;
    private final long rows;
    private final boolean classifier;
    private final @Nullable ProgressBar bar;
    private EarlyStoppingState stopping = EarlyStoppingState.START;
    private final int room; // columns for the text
    private List<String> details = List.of();
    private long shown = System.nanoTime();

    /**
     * Starts.
     *
     * @param live whether there is a terminal to draw on
     * @param rows the rows of an epoch
     */
    Progress(
            final PrintWriter err,
            final boolean live,
            final TrainingOptions options,
            final long rows,
            final boolean classifier) {
        this.err = err;
        this.options = options;
        this.epochs = options.epochs();
        this.rows = rows;
        this.classifier = classifier;
        this.bar = live ? bar(epochs, rows) : null;
        this.room = live ? COLUMNS - BAR - 2 * Long.toString(epochs * rows).length() : Integer.MAX_VALUE;
    }

    private static ProgressBar bar(final int epochs, final long rows) {
        return new ProgressBarBuilder()
                .setTaskName("")
                .setMaxRenderedLength(COLUMNS)
                .setInitialMax(epochs * rows)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(100)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
                .build();
    }

    /** Whether standard error is a terminal, as the script that started us found out. */
    static boolean isLive() {
        return Boolean.getBoolean("lanewise.terminal");
    }

    @Override
    public void onStep(final int epoch, final long rowsDone, final double loss) {
        final long now = System.nanoTime();
        if (bar != null && now - shown > INTERVAL) { // steps may take microseconds: do not slow them down
            shown = now;
            show(bar, epoch, rowsDone, loss);
        }
    }

    @Override
    public void onResume(final TrainingState state) {
        stopping = state.stopping();
    }

    @Override
    public void onEpoch(final EpochReport report) {
        details = List.of(
                judge(report),
                best(report),
                rate(report),
                Text.format(" %s rows/s", Text.count(Math.round(report.rowsPerSecond()))));
        if (bar == null) {
            final int every = (epochs + LINES - 1) / LINES;
            if (report.epoch() == 1 || report.epoch() % every == 0 || report.epoch() == epochs) {
                err.println(line(report.epoch(), report.loss()));
            }
        } else {
            show(bar, report.epoch(), rows, report.loss());
        }
    }

    private void show(final ProgressBar onto, final int epoch, final long rowsDone, final double loss) {
        onto.setExtraMessage(" " + line(epoch, loss));
        onto.stepTo((epoch - 1) * rows + rowsDone);
    }

    /** As many details as there is room for; of those that change from step to step there always is. */
    private String line(final int epoch, final double loss) {
        final StringBuilder line =
                new StringBuilder(Text.format("epoch %d/%d loss %s", epoch, epochs, Text.loss(loss)));
        for (final String detail : details) {
            if (line.length() + detail.length() <= room) {
                line.append(detail);
            }
        }
        return line.toString();
    }

    private String judge(final EpochReport report) {
        if (Double.isNaN(report.validationLoss())) {
            return ""; // there are no rows to judge by
        }
        return classifier
                ? " accuracy " + Text.percent(report.validationScore())
                : Text.format(" R² %.4f", report.validationScore());
    }

    private String rate(final EpochReport report) {
        return options.schedule() instanceof Schedule.Constant ? "" : Text.format(" rate %.3g", report.learningRate());
    }

    private String best(final EpochReport report) {
        if (options.earlyStopping() == null) {
            return "";
        }
        stopping = stopping.after(options.earlyStopping(), report.validationLoss());
        return " best " + stopping.bestEpoch();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
