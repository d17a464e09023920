package io.lanewise.cli;

import io.lanewise.training.EpochReport;
import io.lanewise.training.Evaluation;
import io.lanewise.training.TrainingListener;
import java.io.PrintWriter;
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
    private static final int WIDE = 100; // columns that also hold the rows per second
    private static final int COLUMNS = Integer.getInteger("lanewise.columns", 80);
    private static final long INTERVAL = 50_000_000; // nanoseconds

    private final PrintWriter err;
    private final int epochs;
    private final long rows;
    private final boolean classifier;
    private final @Nullable ProgressBar bar;
    private String judgement = "";
    private String speed = "";
    private long shown = System.nanoTime();

    /**
     * Starts.
     *
     * @param live whether there is a terminal to draw on
     * @param rows the rows of an epoch
     */
    Progress(final PrintWriter err, final boolean live, final int epochs, final int rows, final boolean classifier) {
        this.err = err;
        this.epochs = epochs;
        this.rows = rows;
        this.classifier = classifier;
        this.bar = live ? bar(epochs, rows) : null;
    }

    private static ProgressBar bar(final int epochs, final int rows) {
        return new ProgressBarBuilder()
                .setTaskName("")
                .setMaxRenderedLength(COLUMNS)
                .setInitialMax(epochs * (long) rows)
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
    public void onStep(final int epoch, final int rowsDone, final double loss) {
        final long now = System.nanoTime();
        if (bar != null && now - shown > INTERVAL) { // steps may take microseconds: do not slow them down
            shown = now;
            show(bar, epoch, rowsDone, loss);
        }
    }

    @Override
    public void onEpoch(final EpochReport report) {
        judgement = report.validation().map(this::judge).orElse("");
        speed = bar == null || COLUMNS >= WIDE
                ? Text.format(" %s rows/s", Text.count(Math.round(report.rowsPerSecond())))
                : "";
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

    private String line(final int epoch, final double loss) {
        return Text.format("epoch %d/%d loss %s%s%s", epoch, epochs, Text.loss(loss), judgement, speed);
    }

    private String judge(final Evaluation evaluation) {
        return classifier
                ? " accuracy " + Text.percent(evaluation.accuracy())
                : Text.format(" R² %.4f", evaluation.r2());
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
