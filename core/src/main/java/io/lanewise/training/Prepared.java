package io.lanewise.training;

import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The data of a run as the network sees them, and the way back to a model for raw rows.
 *
 * @param batches what is learnt from
 * @param standardization of the features, or null
 * @param targetScaling of the targets
 * @param identity tells these data from others, in a checkpoint
 */
record Prepared(
        Batches batches,
        @Nullable Standardization standardization,
        TargetScaling targetScaling,
        Supplier<String> identity) {
    private static final int BLOCK = 1024; // rows of a stream that are read at a time to look at them
    private static final int BLOCK_ELEMENTS = 1 << 24; // of them at most, unless one row has more

    /** Rows in memory. */
    static Prepared of(final Mlp mlp, final Dataset data, final TrainingOptions options, final Kernels kernels) {
        final int rows = data.rows();
        final int features = data.features();
        final Standardization standardization = switch (options.scaling()) {
            case NONE -> null;
            case PER_FEATURE -> Standardization.perFeature(rows, features, data.x());
            case COMMON -> Standardization.common(rows, features, data.x());
        };
        final float[] x = standardized(standardization, rows, features, data.x(), kernels);
        final TargetScaling targetScaling = TargetScaling.of(mlp, data);
        final boolean labelled = mlp.head().isClassifier() && data.isClassification();
        final int[] labels = labelled ? data.labels() : new int[0];
        final float[] targets = switch (mlp.head()) {
            case SOFTMAX, LOG_SOFTMAX -> labelled ? new float[0] : data.targets();
            case SIGMOID -> Answers.of(data);
            case LINEAR -> targetScaling.scaled(data.targets());
        };
        return new Prepared(
                new ArrayBatches(data, x, labels, targets, options.batchSize(), options.seed()),
                standardization,
                targetScaling,
                () -> identity(data));
    }

    /** Tells data from others: their sizes and a checksum. */
    static String identity(final Dataset data) {
        final CRC32C sum = new CRC32C();
        Checksums.add(sum, data.x());
        if (data.isClassification()) {
            Checksums.add(sum, data.labels());
        } else {
            Checksums.add(sum, data.targets());
        }
        Checksums.add(sum, data.weights().orElse(new float[0]));
        return identity(data.rows(), data.features(), sum);
    }

    private static String identity(final long rows, final int features, final CRC32C sum) {
        return rows + " rows of " + features + " features, checksum " + Long.toHexString(sum.getValue());
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
                rows, features, raw, 0, features, standardization.mean(), standardization.scale(), scaled, 0, features);
        return scaled;
    }

    /** Rows that are read again in each epoch; they are read up to two times to look at them. */
    static Prepared of(
            final Mlp mlp,
            final RowSource source,
            final int buffer,
            final TrainingOptions options,
            final Kernels kernels) {
        final Look look = new Look(mlp, source, options.scaling(), options.lossOf(mlp));
        try {
            look.read(false);
            if (look.needsDeviations()) {
                look.read(true);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Prepared(
                new StreamBatches(
                        source,
                        (int) Math.min(options.batchSize(), source.rows()),
                        buffer,
                        options.seed(),
                        kernels,
                        look.standardization(),
                        look.targetScaling()),
                look.standardization(),
                look.targetScaling(),
                () -> identity(source.rows(), source.features(), look.sum) + ", shuffled in runs of " + buffer);
    }

    /** A model for raw rows. */
    Model model(final Parameters parameters) {
        final Model model = Model.of(targetScaling.folded(parameters));
        return standardization == null ? model : model.withStandardization(standardization);
    }

    /** What has to be known of a stream before it is learnt from. */
    private static final class Look {
        private final RowSource source;
        private final Scaling scaling;
        private final int features;
        private final int outputs; // target values of a row; 0 where rows have a class
        private final boolean scalesTargets;
        private final Head head;
        private final RowWeights weights;
        private final Standardization.Statistics x;
        private final Standardization.Statistics targets;
        private final CRC32C sum = new CRC32C();
        private double weight; // of all rows

        Look(final Mlp mlp, final RowSource source, final Scaling scaling, final Loss loss) {
            this.source = source;
            this.scaling = scaling;
            this.features = source.features();
            this.outputs = source.isClassification() ? 0 : source.outputs();
            this.scalesTargets = TargetScaling.isFor(mlp);
            this.head = mlp.head();
            this.weights = new RowWeights(loss);
            this.x = new Standardization.Statistics(scaling == Scaling.COMMON ? 1 : features);
            this.targets = new Standardization.Statistics(outputs);
        }

        boolean needsDeviations() {
            return scaling != Scaling.NONE || scalesTargets;
        }

        void read(final boolean again) throws IOException {
            final int block = Math.clamp(BLOCK_ELEMENTS / Math.max(features, outputs), 1, BLOCK);
            final float[] blockX = new float[block * features];
            final int[] labels = new int[source.isClassification() ? block : 0];
            final float[] blockTargets = new float[block * outputs];
            long rows = 0;
            try (RowSource.Cursor cursor = source.open()) {
                while (true) {
                    final int n =
                            StreamBatches.atMost(block, cursor.read(block, blockX, 0, labels, 0, blockTargets, 0));
                    if (n == 0) {
                        break;
                    }
                    if (rows + n > source.rows()) { // it might go on for ever
                        throw new IllegalArgumentException("expected " + source.rows()
                                + " rows, as the source says there are, got at least " + (rows + n));
                    }
                    check(rows, n, labels, blockTargets);
                    final int units = scaling == Scaling.COMMON ? n * features : n;
                    if (again) {
                        x.addToDeviation(units, blockX, 0);
                        targets.addToDeviation(n, blockTargets, 0);
                    } else {
                        x.addToMean(units, blockX, 0);
                        targets.addToMean(n, blockTargets, 0);
                        Checksums.add(sum, Arrays.copyOf(blockX, n * features));
                        Checksums.add(sum, Arrays.copyOf(labels, source.isClassification() ? n : 0));
                        Checksums.add(sum, Arrays.copyOf(blockTargets, n * outputs));
                    }
                    rows += n;
                }
            }
            if (rows != source.rows()) {
                throw new IllegalArgumentException(
                        "expected " + source.rows() + " rows, as the source says there are, got " + rows);
            }
            weights.requirePositive(weight);
        }

        /** Refuses rows that cannot be learnt from. */
        private void check(final long first, final int n, final int[] labels, final float[] blockTargets) {
            Answers.checkLabels(first, n, source.outputs(), labels);
            if (!source.isClassification()) {
                DataChecks.targets(head, first, n, outputs, blockTargets, 0);
            }
            weight += source.isClassification() ? weights.total(n, labels, 0, null, 0) : n;
        }

        @Nullable
        Standardization standardization() {
            return switch (scaling) {
                case NONE -> null;
                case PER_FEATURE -> x.perFeature();
                case COMMON -> x.repeated(features);
            };
        }

        TargetScaling targetScaling() {
            return scalesTargets ? TargetScaling.of(targets.perFeature()) : TargetScaling.none();
        }
    }
}
