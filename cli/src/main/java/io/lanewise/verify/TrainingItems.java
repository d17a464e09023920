package io.lanewise.verify;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.Clipping;
import io.lanewise.training.Dataset;
import io.lanewise.training.EarlyStopping;
import io.lanewise.training.EpochReport;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Schedule;
import io.lanewise.training.SessionState;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingResult;
import io.lanewise.training.TrainingSession;
import io.lanewise.training.TrainingSessionBuilder;
import java.util.List;

/** Training: the losses of all steps, then parameters and moments. */
final class TrainingItems {
    private static final int INPUTS = 20;
    private static final int ROWS = 61;
    private static final int BATCH = 19; // leaves a last batch of 4
    private static final int EPOCHS = 30;

    private TrainingItems() {}

    static List<Item> all() {
        return List.of(
                new Item("training/adam-dropout", (setting, hash) -> {
                    final Mlp mlp = Mlp.inputs(INPUTS)
                            .dense(33, Activation.RELU)
                            .dropout(0.2f)
                            .dense(17, Activation.TANH)
                            .dropout(0.1f)
                            .dense(5)
                            .softmax();
                    train(session(mlp).optimizer(Optimizer.adam(0.01f)), mlp, EPOCHS, setting, hash);
                }),
                new Item("training/adamw-batch-norm-smoothing", (setting, hash) -> {
                    final Mlp mlp = Mlp.inputs(INPUTS)
                            .dense(32)
                            .batchNorm()
                            .activation(Activation.GELU)
                            .dense(7)
                            .logSoftmax();
                    train(
                            session(mlp)
                                    .optimizer(Optimizer.adamW(0.01f))
                                    .loss(new Loss.CrossEntropy(0.1f, List.of()))
                                    .clipping(new Clipping.Norm(0.5f)),
                            mlp,
                            EPOCHS,
                            setting,
                            hash);
                }),
                new Item("training/sgd-residual-layer-norm", (setting, hash) -> {
                    final Mlp mlp = Mlp.inputs(INPUTS)
                            .dense(24)
                            .residual(block -> block.layerNorm()
                                    .dense(40, Activation.SILU)
                                    .dropout(0.25f)
                                    .dense(24))
                            .dense(3)
                            .linear();
                    train(
                            session(mlp)
                                    .optimizer(new Optimizer.Sgd(0.01f, 0.9f, 0.01f, true))
                                    .loss(new Loss.Huber(0.5f))
                                    .clipping(new Clipping.Value(0.05f)),
                            mlp,
                            EPOCHS,
                            setting,
                            hash);
                }),
                new Item("training/rms-prop-sigmoid", (setting, hash) -> {
                    final Mlp mlp = Mlp.inputs(INPUTS)
                            .dense(29, Activation.SOFTPLUS)
                            .dense(4)
                            .sigmoid();
                    train(session(mlp).optimizer(Optimizer.rmsProp(0.01f)), mlp, EPOCHS, setting, hash);
                }),
                new Item("training/large-batches", TrainingItems::largeBatches),
                new Item("training/run", TrainingItems::run));
    }

    private static TrainingSessionBuilder session(final Mlp mlp) {
        return TrainingSession.of(Parameters.random(mlp, 7)).seed(99).maxRows(BATCH);
    }

    private static int[] labels(final int rows, final int classes) {
        return new Numbers(11).integers(rows, classes);
    }

    private static void train(
            final TrainingSessionBuilder builder,
            final Mlp mlp,
            final int epochs,
            final Setting setting,
            final BitHash hash) {
        final TrainingSession session =
                builder.kernels(setting.kernels()).team(setting.team()).build();
        final float[] x = new Numbers(10).within(ROWS * INPUTS, 2f);
        final int outputs = mlp.outputs();
        final int[] labels = labels(ROWS, outputs);
        final float[] targets = new Numbers(12).positive(ROWS * outputs);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int row = 0; row < ROWS; row += BATCH) {
                final int rows = Math.min(BATCH, ROWS - row);
                hash.add(
                        mlp.head().isClassifier()
                                ? session.step(rows, x, row * INPUTS, labels, row)
                                : session.step(rows, x, row * INPUTS, targets, row * outputs));
            }
        }
        add(session.state(), hash);
    }

    private static void add(final SessionState state, final BitHash hash) {
        hash.add(state.parameters().toArray()).add(state.firstMoment()).add(state.secondMoment());
    }

    /** Batches that a team shares. */
    private static void largeBatches(final Setting setting, final BitHash hash) {
        final int rows = 256;
        final int inputs = 60;
        final Mlp mlp = Mlp.inputs(inputs)
                .dense(130, Activation.RELU)
                .batchNorm()
                .dropout(0.5f)
                .dense(70, Activation.SIGMOID)
                .layerNorm()
                .dense(10)
                .softmax();
        final TrainingSession session = session(mlp)
                .maxRows(rows)
                .kernels(setting.kernels())
                .team(setting.team())
                .build();
        final float[] x = new Numbers(13).plain(rows * inputs);
        final int[] labels = labels(rows, mlp.outputs());
        for (int step = 0; step < 4; step++) {
            hash.add(session.step(rows - step, x, 0, labels, 0));
        }
        add(session.state(), hash);
    }

    /** All that a trainer does: shuffles, standardises, changes the learning rate, looks at held-out rows, and stops. */
    private static void run(final Setting setting, final BitHash hash) {
        final int rows = 150;
        final int classes = 4;
        final float[] x = new Numbers(14).within(rows * INPUTS, 2f);
        final Dataset data = Dataset.classification(INPUTS, classes, x, labels(rows, classes));
        final Dataset.Split split = data.split(0.2, 5);
        final Mlp mlp = Mlp.inputs(INPUTS)
                .dense(24, Activation.RELU)
                .dropout(0.1f)
                .dense(classes)
                .softmax();
        final TrainingOptions options = TrainingOptions.defaults()
                .withEpochs(20)
                .withBatchSize(16)
                .withOptimizer(Optimizer.adamW(0.01f))
                .withSchedule(Schedule.oneCycle())
                .withEarlyStopping(new EarlyStopping(8, 0));
        final TrainingResult result = Trainer.of(mlp, options)
                .validation(split.heldOut())
                .kernels(setting.kernels())
                .team(setting.team())
                .fit(split.training());
        for (final EpochReport epoch : result.history()) {
            hash.add(epoch.loss()).add(epoch.learningRate()).add(epoch.validationLoss());
        }
        hash.add(result.epoch()).add(result.model().parameters().toArray());
    }
}
