package io.lanewise.training;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains models. The same network, data and options give the same model to the bit, on every machine, with any team of
 * threads, and however often a run was interrupted and resumed.
 *
 * <pre>{@code
 * Model model = Trainer.fit(mlp, data, TrainingOptions.defaults().withEpochs(30)).model();
 *
 * try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
 *     TrainingResult result = Trainer.of(mlp, options)
 *             .validation(heldOut)
 *             .checkpoints(checkpoints)
 *             .resume(true)
 *             .fit(data);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads; a run may take any team that nobody else uses meanwhile.
 */
public final class Trainer {
    private static final int BUFFER = 1 << 16;

    final Mlp mlp;
    final TrainingOptions options;

    @Nullable
    Dataset validation;

    TrainingListener listener = TrainingListener.NONE;
    BooleanSupplier cancelled = () -> false;

    @Nullable
    Checkpoints checkpoints;

    long checkpointSteps = Long.MAX_VALUE;
    boolean resume;

    @Nullable
    ThreadTeam team;

    boolean strict;
    private @Nullable Kernels kernels;
    private int buffer = BUFFER;

    private Trainer(final Mlp mlp, final TrainingOptions options) {
        this.mlp = mlp;
        this.options = options;
        Loss.requireFits(options.lossOf(mlp), mlp);
    }

    /**
     * Starts the description of a run.
     *
     * @throws IllegalArgumentException if the loss does not fit the network
     */
    public static Trainer of(final Mlp mlp, final TrainingOptions options) {
        return new Trainer(mlp, options);
    }

    /** Trains on all rows, on the best backend. */
    public static TrainingResult fit(final Mlp mlp, final Dataset training, final TrainingOptions options) {
        return of(mlp, options).fit(training);
    }

    /** Trains on some rows and looks after each epoch how the model does on others, on the best backend. */
    public static TrainingResult fit(
            final Mlp mlp,
            final Dataset training,
            final @Nullable Dataset validation,
            final TrainingOptions options,
            final TrainingListener listener) {
        return of(mlp, options).validation(validation).listener(listener).fit(training);
    }

    /**
     * The rows to look at after each epoch, in memory. They decide when to stop early and when a plateau is reached;
     * else they change nothing.
     */
    public Trainer validation(final @Nullable Dataset rows) {
        validation = rows == null || rows.rows() == 0 ? null : rows;
        return this;
    }

    /** Who is told how the run goes. */
    public Trainer listener(final TrainingListener newListener) {
        listener = newListener;
        return this;
    }

    /**
     * Is asked after each step whether to stop; a run with checkpoints keeps its state then. Also after the last step
     * of an epoch, before the validation: {@link TrainingResult#epoch} says what that means.
     */
    public Trainer cancelledBy(final BooleanSupplier newCancelled) {
        cancelled = newCancelled;
        return this;
    }

    /** Where the state is kept after each epoch. */
    public Trainer checkpoints(final @Nullable Checkpoints newCheckpoints) {
        checkpoints = newCheckpoints;
        return this;
    }

    /**
     * Keeps the state within epochs too.
     *
     * @param steps after how many steps each time, at least 1
     * @throws IllegalArgumentException if that is less than 1
     */
    public Trainer checkpointEvery(final long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("expected a checkpoint after at least 1 step, got " + steps);
        }
        checkpointSteps = steps;
        return this;
    }

    /**
     * Whether to go on from the state that was kept last, if there is one. It has to be of a run with the same network,
     * data and options; but there may be more epochs than before, unless the schedule is one that depends on their
     * number. It needs {@link #checkpoints}.
     */
    public Trainer resume(final boolean newResume) {
        resume = newResume;
        return this;
    }

    /** The backend; the best one unless said otherwise. */
    public Trainer kernels(final Kernels newKernels) {
        kernels = newKernels;
        return this;
    }

    /**
     * Whether each step looks first whether its thread keeps denormal numbers, and throws {@link IllegalStateException}
     * if not; see {@link TrainingSessionBuilder#strict}.
     */
    public Trainer strict(final boolean newStrict) {
        strict = newStrict;
        return this;
    }

    /** The threads that share the work; the calling thread alone unless said otherwise. */
    public Trainer team(final @Nullable ThreadTeam newTeam) {
        team = newTeam;
        return this;
    }

    /**
     * How many rows of a {@link RowSource} are kept in memory to be shuffled: each so many that follow each other in the
     * source, by themselves; 65,536 unless said otherwise. It is part of what decides the model.
     *
     * @param rows at least 1
     * @throws IllegalArgumentException if that is less than 1
     */
    public Trainer shuffleBuffer(final int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("expected a buffer of at least 1 row, got " + rows);
        }
        buffer = rows;
        return this;
    }

    /**
     * Trains on rows in memory; those of weight 0 are left out.
     *
     * @param training the rows to learn from, at least 1
     * @throws IllegalArgumentException if the data do not fit the network, no row counts, a target for a sigmoid head is
     *     not from 0 to 1, targets for a softmax are no probabilities, validation data hold NaN or infinite values,
     *     there is nothing to stop early by, or the kept state is of another run
     * @throws IllegalStateException if {@link #resume} lacks checkpoints
     * @throws TrainingDivergedException if the loss, the gradients or the parameters become NaN or infinite
     * @throws java.io.UncheckedIOException if a state cannot be read or kept
     */
    public TrainingResult fit(final Dataset training) {
        DataChecks.sizes("training data", mlp, training.features(), training.outputs(), training.isClassification());
        requireRows(training.rows());
        requireWeight(training);
        DataChecks.training(mlp.head(), training);
        checkRun();
        final Dataset learnt = training.counting();
        final Prepared prepared = Prepared.of(mlp, learnt, options, kernels());
        return new TrainingRun(this, prepared, Math.min(options.batchSize(), learnt.rows())).all();
    }

    /**
     * Trains on rows that are read again in each epoch. Before that they are read up to two times, for means and
     * deviations.
     *
     * @param training the rows to learn from, at least 1
     * @throws IllegalArgumentException as {@link #fit(Dataset)}, or if the shuffle buffer does not fit into an array
     * @throws IllegalStateException if a pass has other rows than the one before, or {@link #resume} lacks checkpoints
     * @throws TrainingDivergedException if the loss, the gradients or the parameters become NaN or infinite
     * @throws java.io.UncheckedIOException if rows cannot be read, or a state cannot be read or kept
     */
    public TrainingResult fit(final RowSource training) {
        DataChecks.sizes("training data", mlp, training.features(), training.outputs(), training.isClassification());
        requireRows(training.rows());
        checkRun();
        final int rows = (int) Math.min(buffer, training.rows());
        final int batch = (int) Math.min(options.batchSize(), training.rows());
        final int width = Math.max(training.features(), training.outputs());
        Ranges.array("shuffle buffer", rows, width);
        Ranges.array("batch size", batch, width);
        final RowSource learnt =
                mlp.head() == Head.SIGMOID && training.isClassification() ? Answers.of(training) : training;
        return new TrainingRun(this, Prepared.of(mlp, learnt, rows, options, kernels()), batch).all();
    }

    private void requireWeight(final Dataset training) {
        final RowWeights counting = new RowWeights(options.lossOf(mlp));
        final float[] weights = training.weights().orElse(null);
        counting.requirePositive(
                training.isClassification()
                        ? counting.total(training.rows(), training.labels(), 0, weights, 0)
                        : RowWeights.total(training.rows(), weights, 0));
    }

    Kernels kernels() {
        return kernels == null ? Backends.best() : kernels;
    }

    private void checkRun() {
        if (resume && checkpoints == null) {
            throw new IllegalStateException(
                    "expected checkpoints to resume from: name them with checkpoints(…), or leave resume(true) out");
        }
        if (validation != null) {
            DataChecks.sizes(
                    "validation data", mlp, validation.features(), validation.outputs(), validation.isClassification());
            DataChecks.validation(mlp, validation);
        } else if (options.earlyStopping() != null) {
            throw new IllegalArgumentException("early stopping needs validation rows");
        } else if (options.schedule() instanceof Schedule.ReduceOnPlateau) {
            throw new IllegalArgumentException("a schedule that follows the validation loss needs validation rows");
        }
    }

    private static void requireRows(final long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("there are no rows to learn from");
        }
    }
}
