package io.lanewise.training;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small run that can be made again and again, and interrupted.
 *
 * @param fresh describes it
 * @param fit starts it
 */
record ResumableRun(Supplier<Trainer> fresh, Function<Trainer, TrainingResult> fit) {
    static final int ROWS = 27;
    static final int BATCH = 8;
    static final int STEPS_PER_EPOCH = 4; // the last one on 3 rows
    static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(3).withBatchSize(BATCH).withSeed(5);
    static final Mlp MLP = Mlp.inputs(3)
            .dense(6)
            .batchNorm()
            .activation(Activation.RELU)
            .dropout(0.25f)
            .dense(3)
            .softmax();
    static final Dataset DATA = data(1);
    static final Dataset VALIDATION = data(3);

    static Dataset data(final long seed) {
        return Dataset.classification(
                3, 3, RandomArrays.floats(seed, 3 * ROWS, 2), RandomArrays.ints(seed + 1, ROWS, 3));
    }

    static Trainer trainer(final Mlp mlp, final TrainingOptions options) {
        return Trainer.of(mlp, options).kernels(ReferenceKernels.INSTANCE);
    }

    static Trainer trainer(final TrainingOptions options) {
        return trainer(MLP, options);
    }

    static ResumableRun of(final TrainingOptions options) {
        return new ResumableRun(() -> trainer(options).validation(VALIDATION), trainer -> trainer.fit(DATA));
    }

    TrainingResult uninterrupted() {
        return fit.apply(fresh.get());
    }

    /** Goes on with what is kept, for so many steps. */
    TrainingResult steps(final Checkpoints checkpoints, final int steps) {
        final int[] made = new int[1];
        return fit.apply(fresh.get().checkpoints(checkpoints).resume(true).cancelledBy(() -> ++made[0] == steps));
    }

    TrainingResult toTheEnd(final Checkpoints checkpoints) {
        return steps(checkpoints, Integer.MAX_VALUE);
    }

    /** The number of steps of the whole run. */
    int length() {
        final Memory memory = new Memory();
        return toTheEnd(memory).history().isEmpty()
                ? 0
                : (int) memory.state().session().steps();
    }

    /** Keeps a state in memory. */
    static final class Memory implements Checkpoints {
        private @Nullable TrainingState state;
        private int saves;

        @Override
        public void save(final TrainingState newState) {
            state = newState;
            saves++;
        }

        @Override
        public Optional<TrainingState> load() {
            return Optional.ofNullable(state);
        }

        TrainingState state() {
            return load().orElseThrow();
        }

        int saves() {
            return saves;
        }
    }

    /** What has to be the same to the bit: all but the speed. */
    static List<String> bits(final TrainingResult result) {
        final List<String> bits = new ArrayList<>();
        bits.add("epoch " + result.epoch() + " of " + result.history().size() + ", " + result.end());
        for (final float value : result.model().parameters().toArray()) {
            bits.add(Integer.toHexString(Float.floatToRawIntBits(value)));
        }
        for (final EpochReport report : result.history()) {
            bits.add(report.epoch() + " " + report.loss() + " " + report.learningRate() + " " + report.validationLoss()
                    + " " + report.validationScore());
        }
        return bits;
    }

    /** Rows of a data set, at most 4 at a time. */
    record Stream(Dataset data, int outputs) implements RowSource {
        Stream(final Dataset data) {
            this(data, data.outputs());
        }

        @Override
        public int features() {
            return data.features();
        }

        @Override
        public boolean isClassification() {
            return data.isClassification();
        }

        @Override
        public long rows() {
            return data.rows();
        }

        @Override
        public Cursor open() {
            return new Cursor() {
                private int at;

                @Override
                public int read(
                        final int max,
                        final float[] x,
                        final int xOffset,
                        final int[] labels,
                        final int labelsOffset,
                        final float[] targets,
                        final int targetsOffset) {
                    final int rows = Math.min(Math.min(4, max), data.rows() - at);
                    System.arraycopy(data.x(), at * data.features(), x, xOffset, rows * data.features());
                    if (data.isClassification()) {
                        System.arraycopy(data.labels(), at, labels, labelsOffset, rows);
                    } else {
                        final int outputs = data.outputs();
                        System.arraycopy(data.targets(), at * outputs, targets, targetsOffset, rows * outputs);
                    }
                    at += rows;
                    return rows;
                }

                @Override
                public void close() {}
            };
        }
    }
}
