package io.lanewise.training;

import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model in one call. The same network, data and options give the same model to the bit, on every machine.
 *
 * <pre>{@code
 * Model model = Trainer.fit(mlp, data, TrainingOptions.defaults().withEpochs(30)).model();
 * }</pre>
 */
public final class Trainer {
    private Trainer() {}

    /** Trains on all rows, on the best backend. */
    public static TrainingResult fit(final Mlp mlp, final Dataset training, final TrainingOptions options) {
        return fit(mlp, training, null, options, TrainingListener.NONE, Backends.best());
    }

    /** Trains on some rows and looks after each epoch how the model does on others, on the best backend. */
    public static TrainingResult fit(
            final Mlp mlp,
            final Dataset training,
            final @Nullable Dataset validation,
            final TrainingOptions options,
            final TrainingListener listener) {
        return fit(mlp, training, validation, options, listener, Backends.best());
    }

    /**
     * Trains.
     *
     * @param training the rows to learn from, at least 1
     * @param validation the rows to look at after each epoch; they change nothing
     * @throws IllegalArgumentException if the data do not fit the network
     * @throws TrainingDivergedException if the loss becomes NaN or infinite
     */
    public static TrainingResult fit(
            final Mlp mlp,
            final Dataset training,
            final @Nullable Dataset validation,
            final TrainingOptions options,
            final TrainingListener listener,
            final Kernels kernels) {
        TrainingSession.requireTrainable(mlp);
        check(mlp, training, "training");
        if (training.rows() == 0) {
            throw new IllegalArgumentException("there are no rows to learn from");
        }
        if (validation != null) {
            check(mlp, validation, "validation");
        }
        return new Run(mlp, training, validation, options, listener, kernels).all();
    }

    private static void check(final Mlp mlp, final Dataset data, final String what) {
        if (data.features() != mlp.inputs()
                || data.outputs() != mlp.outputs()
                || data.isClassification() != mlp.head().isClassifier()) {
            throw new IllegalArgumentException("expected " + what + " data for " + mlp + ", got " + data.features()
                    + " features and " + data.outputs() + (data.isClassification() ? " classes" : " target values"));
        }
    }

    /** One run: the data as the network sees them, and the session. */
    private static final class Run {
        private final Dataset training;
        private final @Nullable Dataset validation;
        private final TrainingOptions options;
        private final TrainingListener listener;
        private final Kernels kernels;
        private final TrainingSession session;
        private final @Nullable Standardization standardization;
        private final TargetScaling targetScaling;
        private final float[] x; // (rows, features), standardised
        private final float[] targets; // (rows, outputs), standardised; nothing for a classifier
        private final float[] batchX; // (batch, features)
        private final int[] batchLabels; // (batch)
        private final float[] batchTargets; // (batch, outputs)
        private final int[] order; // (rows)

        Run(
                final Mlp mlp,
                final Dataset training,
                final @Nullable Dataset validation,
                final TrainingOptions options,
                final TrainingListener listener,
                final Kernels kernels) {
            this.training = training;
            this.validation = validation;
            this.options = options;
            this.listener = listener;
            this.kernels = kernels;
            final int rows = training.rows();
            final int features = training.features();
            final int batch = Math.min(options.batchSize(), rows);
            this.standardization = switch (options.scaling()) {
                case NONE -> null;
                case PER_FEATURE -> Standardization.perFeature(rows, features, training.x());
                case COMMON -> Standardization.common(rows, features, training.x());
            };
            this.x = standardized(standardization, rows, features, training.x(), kernels);
            this.targetScaling = TargetScaling.of(mlp, training);
            this.targets = training.isClassification() ? new float[0] : targetScaling.scaled(training.targets());
            this.batchX = new float[Math.multiplyExact(batch, features)];
            this.batchLabels = new int[training.isClassification() ? batch : 0];
            this.batchTargets = new float[training.isClassification() ? 0 : batch * training.outputs()];
            this.order = new int[rows];
            this.session =
                    new TrainingSession(Parameters.random(mlp, options.seed()), options.optimizer(), batch, kernels);
        }

        private static float[] standardized(
                final @Nullable Standardization standardization,
                final int rows,
                final int features,
                final float[] raw,
                final Kernels kernels) {
            if (standardization == null) {
                return raw;
            }
            final float[] scaled = new float[raw.length];
            kernels.standardize(
                    rows,
                    features,
                    raw,
                    0,
                    features,
                    standardization.mean(),
                    standardization.scale(),
                    scaled,
                    0,
                    features);
            return scaled;
        }

        TrainingResult all() {
            final List<EpochReport> history = new ArrayList<>();
            Model model = model();
            for (int epoch = 1; epoch <= options.epochs(); epoch++) {
                final long start = System.nanoTime();
                final double loss = epoch(epoch);
                final double seconds = (System.nanoTime() - start) * 1e-9;
                model = model();
                requireFinite(model, loss, epoch);
                final Evaluation evaluation = validation == null || validation.rows() == 0
                        ? null
                        : Evaluation.of(Predictor.of(model, kernels), validation);
                if (evaluation != null && !Double.isFinite(evaluation.loss())) {
                    throw new TrainingDivergedException(
                            evaluation.loss(),
                            epoch,
                            steps(),
                            options.optimizer().learningRate());
                }
                final EpochReport report = new EpochReport(epoch, loss, evaluation, training.rows() / seconds);
                history.add(report);
                listener.onEpoch(report);
            }
            return new TrainingResult(model, history);
        }

        /** The loss is that of the parameters before an update: what the last one did to them is not in it. */
        private void requireFinite(final Model model, final double loss, final int epoch) {
            for (final float value : model.parameters().toArray()) {
                if (!Float.isFinite(value)) {
                    throw new TrainingDivergedException(
                            loss, epoch, steps(), options.optimizer().learningRate());
                }
            }
        }

        /** The steps of an epoch. */
        private int steps() {
            return (order.length - 1) / (batchX.length / training.features()) + 1;
        }

        private double epoch(final int epoch) {
            Philox.permutation(options.seed(), Purpose.SHUFFLE, epoch, order);
            final int batch = batchX.length / training.features();
            double sum = 0;
            int step = 0;
            for (int row = 0; row < order.length; row += batch) {
                final int rows = Math.min(batch, order.length - row);
                step++;
                final double loss = step(row, rows);
                if (!Double.isFinite(loss)) {
                    throw new TrainingDivergedException(
                            loss, epoch, step, options.optimizer().learningRate());
                }
                sum += loss * rows;
                listener.onStep(epoch, row + rows, sum / (row + rows));
            }
            return sum / order.length;
        }

        private double step(final int first, final int rows) {
            final int features = training.features();
            final int outputs = training.outputs();
            for (int i = 0; i < rows; i++) {
                final int row = order[first + i];
                System.arraycopy(x, row * features, batchX, i * features, features);
                if (training.isClassification()) {
                    batchLabels[i] = training.labels()[row];
                } else {
                    System.arraycopy(targets, row * outputs, batchTargets, i * outputs, outputs);
                }
            }
            return training.isClassification()
                    ? session.step(rows, batchX, 0, batchLabels, 0)
                    : session.step(rows, batchX, 0, batchTargets, 0);
        }

        private Model model() {
            final Model model = Model.of(targetScaling.folded(session.parameters()));
            return standardization == null ? model : model.withStandardization(standardization);
        }
    }
}
