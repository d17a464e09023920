package io.lanewise.cli;

import io.lanewise.inference.ArgMax;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Model;

/** What a model says of a block of rows: the class, and a probability for each; or values. */
final class Predictions {
    private final InferenceSession session;
    private final Kernels kernels;
    private final int outputs;
    private final boolean binary; // two classes and one output
    private final float[] y; // (rows, outputs)
    private final boolean[] yes; // (rows), where there are two classes and one output

    Predictions(final Predictor predictor, final int rows) {
        final Model model = predictor.model();
        session = predictor.session(rows);
        kernels = predictor.kernels();
        outputs = model.mlp().outputs();
        binary = model.mlp().head() == Head.SIGMOID && model.classes() == 2;
        y = new float[Math.multiplyExact(rows, outputs)];
        yes = new boolean[rows];
    }

    /** Scores the first rows of a block. */
    void run(final int count, final float[] x) {
        if (!binary) {
            session.run(count, x, 0, y, 0);
            return;
        }
        session.logits(count, x, 0, y, 0);
        for (int i = 0; i < count; i++) {
            yes[i] = y[i] > 0f; // as InferenceSession.classify decides: before the probability is rounded
        }
        kernels.activate(Activation.SIGMOID, count, 1, y, 0, 1);
    }

    /** What the model gave, (rows, outputs): of two classes and one output, the probability of the second. */
    float[] outputs() {
        return y;
    }

    /** The number of values for each row: one for each class, or each output. */
    int columns() {
        return binary ? 2 : outputs;
    }

    /** A value of a row. */
    float value(final int row, final int column) {
        if (binary) {
            return column == 0 ? 1f - y[row] : y[row];
        }
        return y[row * outputs + column];
    }

    /** The class of a row, of a model that has classes. */
    int classOf(final int row) {
        if (binary) {
            return yes[row] ? 1 : 0;
        }
        return ArgMax.of(outputs, y, row * outputs);
    }
}
