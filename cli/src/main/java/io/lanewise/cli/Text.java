package io.lanewise.cli;

import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.training.Evaluation;
import java.util.List;
import java.util.Locale;

/** Numbers and tables as people like to read them, the same in every locale. */
final class Text {
    private static final int MOST_WEIGHTS = 12;
    private static final String SHADES = " ░▒▓█";

    private Text() {}

    static String format(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String percent(final double share) {
        return format("%.2f %%", 100 * share);
    }

    static String loss(final double loss) {
        return format(Math.abs(loss) < 1e6 ? "%.4f" : "%.3e", loss);
    }

    static String count(final long n) {
        return format("%,d", n);
    }

    /** A time in the unit that suits it. */
    static String duration(final double seconds) {
        if (seconds < 1e-3) {
            return format("%.2f µs", seconds * 1e6);
        }
        return seconds < 1 ? format("%.1f ms", seconds * 1e3) : format("%.1f s", seconds);
    }

    /** How well a model did, in a line. The area under the ROC curve is left out where a class has no rows. */
    static String summary(final Evaluation evaluation, final Mlp mlp) {
        if (mlp.head() == Head.LINEAR) {
            return format(
                    "root mean squared error %.4g, mean absolute error %.4g, R² %.4f",
                    evaluation.rootMeanSquaredError(), evaluation.meanAbsoluteError(), evaluation.r2());
        }
        final boolean binary = mlp.head() == Head.SIGMOID || mlp.outputs() == 2;
        final double auc = binary ? evaluation.auc() : Double.NaN;
        return format(
                "accuracy %s, %s %.4f%s, loss %.4f",
                percent(evaluation.accuracy()),
                mlp.head() == Head.SIGMOID ? "F1" : "macro F1", // of a sigmoid that of the second class
                evaluation.f1(),
                Double.isNaN(auc) ? "" : format(", AUC %.4f", auc),
                evaluation.loss());
    }

    /** How much each class counts; of many classes the first few. */
    static String weights(final List<String> classes, final List<Float> weights) {
        final int shown = Math.min(classes.size(), MOST_WEIGHTS);
        final StringBuilder text = new StringBuilder();
        for (int c = 0; c < shown; c++) {
            text.append(c == 0 ? "" : ", ").append(classes.get(c)).append(format(" %.4g", weights.get(c)));
        }
        return text + (shown < classes.size() ? ", … (" + classes.size() + " in all)" : "");
    }

    /** Rows are the true classes, columns what was predicted; zeros are left out so that the mistakes show. */
    static String confusion(final int[][] confusion, final List<String> names) {
        final int label = names.stream().mapToInt(String::length).max().orElse(1);
        int cell = label;
        for (final int[] row : confusion) {
            for (final int n : row) {
                cell = Math.max(cell, Integer.toString(n).length());
            }
        }
        final StringBuilder text = new StringBuilder(" ".repeat(label));
        names.forEach(new Column(text, cell + 1)::add);
        text.append('\n');
        for (int truth = 0; truth < confusion.length; truth++) {
            text.append(format("%" + label + "s", names.get(truth)));
            for (final int n : confusion[truth]) {
                text.append(format("%" + (cell + 1) + "s", n == 0 ? "·" : Integer.toString(n)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * Images side by side, two characters for each pixel.
     *
     * @param size the width and height of each image
     * @param largest the value of a black pixel
     */
    static String images(final List<float[]> images, final int size, final float largest) {
        final StringBuilder text = new StringBuilder();
        for (int y = 0; y < size; y++) {
            for (final float[] image : images) {
                for (int x = 0; x < size; x++) {
                    final float share = image[y * size + x] / largest;
                    final int shade = Math.round(Math.clamp(share, 0f, 1f) * (SHADES.length() - 1));
                    text.append(SHADES.charAt(shade)).append(SHADES.charAt(shade));
                }
                text.append("   ");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private record Column(StringBuilder text, int width) {
        void add(final String value) {
            text.append(format("%" + width + "s", value));
        }
    }
}
