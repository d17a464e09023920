package io.lanewise.training;

import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.TrainingResult.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run from its first step, or from a checkpoint, to its end. */
final class TrainingRun {
    private final Trainer trainer;
    private final TrainingOptions options;
    private final Prepared data;
    private final int batch;
    private final long stepsPerEpoch;
    private final TrainingSession session;
    private final Map<String, String> identity;
    private final List<EpochReport> history = new ArrayList<>();

    // Where the run is; what TrainingState keeps of it.
    private int epoch = 1;
    private long rows; // of this epoch that were learnt from
    private double lossSum; // of what they count
    private double weightSum;
    private EarlyStoppingState stopping = EarlyStoppingState.START;
    private @Nullable PlateauState plateau;
    private @Nullable Parameters best;

    private long step; // of this epoch, from 1
    private double learningRate;
    private @Nullable Model lastGood;

    TrainingRun(final Trainer trainer, final Prepared data, final int batch) {
        this.trainer = trainer;
        this.options = trainer.options;
        this.data = data;
        this.batch = batch;
        this.stepsPerEpoch = (data.batches().rows() - 1) / batch + 1;
        this.session = TrainingSession.of(Parameters.random(trainer.mlp, options.seed(), options.initialization()))
                .optimizer(options.optimizer())
                .loss(options.lossOf(trainer.mlp))
                .clipping(options.clipping())
                .seed(options.seed())
                .maxRows(batch)
                .kernels(trainer.kernels())
                .team(trainer.team)
                .strict(trainer.strict)
                .build();
        this.learningRate = options.optimizer().learningRate();
        this.plateau = options.schedule() instanceof Schedule.ReduceOnPlateau
                ? PlateauState.start(options.optimizer().learningRate())
                : null;
        this.identity = trainer.checkpoints == null ? Map.of() : identity();
    }

    /** What a run that goes on has to agree in. */
    private Map<String, String> identity() {
        final Map<String, String> is = new LinkedHashMap<>();
        is.put("network", trainer.mlp.toString());
        is.put("layers", RunText.of(trainer.mlp.layers()));
        is.put("data", data.identity().get());
        is.put("batch size", Integer.toString(batch));
        is.put("optimizer", RunText.of(options.optimizer()));
        is.put("seed", Long.toString(options.seed()));
        is.put("scaling", options.scaling().name());
        is.put("loss", RunText.of(options.lossOf(trainer.mlp)));
        is.put("schedule", options.schedule().toString());
        is.put("clipping", RunText.of(options.clipping()));
        is.put("early stopping", RunText.of(options.earlyStopping()));
        is.put("initialization", options.initialization().name());
        if (options.schedule() instanceof Schedule.Cosine || options.schedule() instanceof Schedule.OneCycle) {
            is.put("epochs", Integer.toString(options.epochs())); // they decide the learning rate of every step
        }
        if (trainer.validation != null && (plateau != null || options.earlyStopping() != null)) {
            is.put("validation data", Prepared.identity(trainer.validation));
        }
        return is;
    }

    TrainingResult all() {
        try (Batches batches = data.batches()) {
            resume();
            End end = End.ALL_EPOCHS;
            while (epoch <= options.epochs() && end == End.ALL_EPOCHS) {
                if (isStopped()) {
                    end = End.EARLY_STOPPING;
                } else if (!epoch(batches)) {
                    end = End.CANCELLED;
                }
            }
            if (end == End.ALL_EPOCHS && isStopped()) {
                end = End.EARLY_STOPPING;
            }
            return result(end);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isStopped() {
        return options.earlyStopping() != null && stopping.stops(options.earlyStopping());
    }

    private TrainingResult result(final End end) {
        final Parameters chosen = best;
        if (chosen != null) {
            return new TrainingResult(data.model(chosen), stopping.bestEpoch(), end, history);
        }
        final Parameters last = session.parameters();
        requireFinite(last); // a run that was cancelled within an epoch has not looked at them
        return new TrainingResult(data.model(last), epoch - 1, end, history);
    }

    /** One epoch, or what is left of it; false if the run was cancelled in it. */
    private boolean epoch(final Batches batches) throws IOException {
        final long start = System.nanoTime();
        final long rowsBefore = rows;
        batches.start(epoch, rows);
        for (int n = batches.next(); n > 0; n = batches.next()) {
            step(batches, n);
            if (trainer.cancelled.getAsBoolean()) {
                save();
                return false;
            }
            if (place(rows) % trainer.checkpointSteps == 0 && rows < batches.rows()) {
                save();
            }
        }
        final double seconds = (System.nanoTime() - start) * 1e-9;
        finishEpoch((rows - rowsBefore) / seconds);
        return true;
    }

    private void step(final Batches batches, final int n) {
        step = rows / batch + 1;
        learningRate = learningRate(place(rows));
        session.learningRate((float) learningRate);
        final double weight = session.weight(n, batches.labels(), batches.weights());
        if (weight > 0) { // by chance no row of a batch may count
            lossSum += loss(batches, n) * weight;
            weightSum += weight;
        }
        rows += n;
        trainer.listener.onStep(epoch, rows, lossSum / weightSum);
    }

    private double loss(final Batches batches, final int n) {
        final double loss = batches.labels().length > 0
                ? session.step(n, batches.x(), 0, batches.labels(), 0, batches.weights(), 0)
                : session.step(n, batches.x(), 0, batches.targets(), 0, batches.weights(), 0);
        if (!Double.isFinite(loss)) {
            throw diverged("the loss became " + loss);
        }
        if (session.gradientNorm() == Double.POSITIVE_INFINITY) {
            throw diverged("the gradients became infinite or NaN");
        }
        return loss;
    }

    /** That of the update before which there were so many. */
    private double learningRate(final long steps) {
        final double base = plateau == null ? options.optimizer().learningRate() : plateau.rate();
        return options.schedule().learningRate(base, steps, stepsPerEpoch, stepsPerEpoch * options.epochs());
    }

    private void finishEpoch(final double rowsPerSecond) throws IOException {
        final Parameters parameters = session.parameters();
        requireFinite(parameters);
        final Model model = data.model(parameters);
        final Evaluation evaluation = trainer.validation == null
                ? null
                : Evaluation.of(Predictor.of(model, trainer.kernels()), trainer.validation);
        if (evaluation != null && !Double.isFinite(evaluation.loss())) {
            throw diverged("the validation loss became " + evaluation.loss());
        }
        final EpochReport report = EpochReport.of(epoch, lossSum / weightSum, learningRate, rowsPerSecond, evaluation);
        history.add(report.withoutValidation());
        if (evaluation != null && plateau != null && options.schedule() instanceof Schedule.ReduceOnPlateau rule) {
            plateau = plateau.after(rule, evaluation.loss());
        }
        if (evaluation != null && options.earlyStopping() != null) {
            stopping = stopping.after(options.earlyStopping(), evaluation.loss());
            best = stopping.epochsSince() == 0 ? parameters : best;
        }
        lastGood = model;
        epoch++;
        rows = 0;
        lossSum = 0;
        weightSum = 0;
        save();
        trainer.listener.onEpoch(report);
    }

    /** The loss is that of the parameters before an update: what the last one did to them is not in it. */
    private void requireFinite(final Parameters parameters) {
        for (final float value : parameters.toArray()) {
            if (!Float.isFinite(value)) {
                throw diverged("the parameters became infinite or NaN");
            }
        }
    }

    private TrainingDivergedException diverged(final String what) {
        final Parameters chosen = best;
        return new TrainingDivergedException(
                what, epoch, step, learningRate, chosen == null ? lastGood : data.model(chosen));
    }

    private void save() throws IOException {
        if (trainer.checkpoints != null) {
            final SessionState state = session.state();
            requireFinite(state.parameters()); // else it would take the place of the last good one
            trainer.checkpoints.save(new TrainingState(
                    identity, state, epoch, rows, lossSum, weightSum, stopping, plateau, best, history));
        }
    }

    private void resume() throws IOException {
        if (trainer.checkpoints == null || !trainer.resume) {
            return;
        }
        final TrainingState state = trainer.checkpoints.load().orElse(null);
        if (state == null) {
            return;
        }
        check(state);
        session.restore(state.session());
        epoch = state.epoch();
        rows = state.rows();
        lossSum = state.lossSum();
        weightSum = state.weightSum();
        stopping = state.stopping();
        plateau = state.plateau();
        best = state.best();
        history.addAll(state.history());
        if (rows > 0) {
            learningRate = learningRate(place(rows) - 1); // for the report, if it was the epoch's last step
        }
        lastGood = data.model(session.parameters());
        trainer.listener.onResume(state);
    }

    /**
     * The batches of the whole run so far: what schedules go by. There may be more than updates, since a batch in which
     * no row counts makes none.
     */
    private long place(final long rowsOfEpoch) {
        return (epoch - 1) * stepsPerEpoch + (rowsOfEpoch + batch - 1) / batch;
    }

    private void check(final TrainingState state) {
        state.difference(identity).ifPresent(difference -> {
            throw new IllegalArgumentException("the checkpoint is of another run: " + difference);
        });
        final int made = state.rows() == 0 ? state.epoch() - 1 : state.epoch();
        if (made > options.epochs()) {
            throw new IllegalArgumentException("the checkpoint is of epoch " + made + ", but only " + options.epochs()
                    + " epochs are asked for: ask for at least " + made);
        }
        // What a run never writes: only a file that was changed holds it.
        final long steps = (state.epoch() - 1) * stepsPerEpoch + (state.rows() + batch - 1) / batch; // at most
        final boolean whole =
                state.rows() % batch == 0 || state.rows() == data.batches().rows();
        if (state.rows() > data.batches().rows() || !whole || state.session().steps() > steps) {
            throw new IllegalArgumentException("the checkpoint contradicts itself: epoch " + state.epoch() + " after "
                    + state.rows() + " of " + data.batches().rows() + " rows is not where "
                    + state.session().steps() + " steps of " + batch + " rows lead to");
        }
        if (!(state.weightSum() >= 0) || (state.rows() == 0 && state.weightSum() != 0)) {
            throw new IllegalArgumentException("the checkpoint contradicts itself: " + state.rows()
                    + " rows of the epoch do not count " + state.weightSum());
        }
        if ((state.plateau() == null) != (plateau == null)
                || (state.best() == null) != (state.stopping().bestEpoch() == 0)
                || state.stopping().bestEpoch() >= state.epoch()) {
            throw new IllegalArgumentException("the checkpoint contradicts itself: the state of the schedule or of"
                    + " early stopping does not belong to the run");
        }
    }
}
