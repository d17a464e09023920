package io.lanewise.cli;

import io.lanewise.formats.TableRows;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Mlp;
import io.lanewise.training.Dataset;
import io.lanewise.training.Evaluation;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model learns from and is judged by.
 *
 * @param names what the rows mean
 * @param learnt the rows to learn from
 * @param heldOut the rows to judge by, or null
 */
record TrainingRows(
        DataNames names, Learnt learnt, @Nullable Dataset heldOut) {
    /** Rows to learn from, wherever they are. */
    sealed interface Learnt {
        long rows();

        int features();

        /** The number of classes, or of target values. */
        int outputs();

        /** How many rows are of each class; nothing for a regression. */
        long[] classRows();

        TrainingResult fit(Trainer trainer);
    }

    /** Rows in memory. */
    record InMemory(Dataset data) implements Learnt {
        @Override
        public long rows() {
            return data.rows();
        }

        @Override
        public int features() {
            return data.features();
        }

        @Override
        public int outputs() {
            return data.outputs();
        }

        @Override
        public long[] classRows() {
            if (!data.isClassification()) {
                return new long[0];
            }
            final long[] rows = new long[data.outputs()];
            for (final int label : data.labels()) {
                rows[label]++;
            }
            return rows;
        }

        @Override
        public TrainingResult fit(final Trainer trainer) {
            return trainer.fit(data);
        }
    }

    /**
     * Rows of a file that is read again in each epoch.
     *
     * @param source the rows
     * @param buffer how many of them are shuffled at a time
     */
    record Streamed(TableRows source, int buffer) implements Learnt {
        @Override
        public long rows() {
            return source.rows();
        }

        @Override
        public int features() {
            return source.features();
        }

        @Override
        public int outputs() {
            return source.outputs();
        }

        @Override
        public long[] classRows() {
            return source.classRows();
        }

        @Override
        public TrainingResult fit(final Trainer trainer) {
            return trainer.shuffleBuffer(buffer).fit(source);
        }
    }

    /** How many there are of what, in a line. */
    String summary() {
        final long held = heldOut == null ? 0 : heldOut.rows();
        return Text.format(
                "%s rows of %d features; learning from %s, holding out %s",
                Text.count(learnt.rows() + held), learnt.features(), Text.count(learnt.rows()), Text.count(held));
    }

    TrainingResult fit(final Trainer trainer) {
        return learnt.fit(trainer.validation(heldOut));
    }

    /** How well a model does, in a line: on rows that were held out, or else on those in memory. */
    Optional<String> judge(final Predictor predictor) {
        final Mlp mlp = predictor.model().mlp();
        if (heldOut != null) {
            return Optional.of("held-out rows: " + Text.summary(Evaluation.of(predictor, heldOut), mlp));
        }
        return learnt instanceof InMemory memory
                ? Optional.of("training rows: " + Text.summary(Evaluation.of(predictor, memory.data()), mlp))
                : Optional.empty();
    }
}
