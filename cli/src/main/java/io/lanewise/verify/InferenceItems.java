package io.lanewise.verify;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Networks that score rows, in one call and cut in several ways. All ways of a network have one hash: the way does not
 * change a bit.
 */
final class InferenceItems {
    private static final int ROWS = 203;
    private static final int INPUTS = 21;
    private static final int BEST = 3;

    /** Scores all rows: x (ROWS, inputs) to y (ROWS, outputs). */
    private interface Way {
        void run(Predictor predictor, Setting setting, float[] x, float[] y);
    }

    private static final Map<String, Way> WAYS = Map.of(
            "whole", (predictor, setting, x, y) -> blocks(predictor, setting, ROWS, x, y),
            "blocks-of-1", (predictor, setting, x, y) -> blocks(predictor, setting, 1, x, y),
            "blocks-of-7", (predictor, setting, x, y) -> blocks(predictor, setting, 7, x, y),
            "backwards", InferenceItems::backwards,
            "direct-buffers", InferenceItems::directBuffers);

    private InferenceItems() {}

    static List<Item> all() {
        final List<Item> items = new ArrayList<>();
        networks().forEach((name, mlp) -> {
            new TreeMap<>(WAYS)
                    .forEach((cut, way) -> items.add(new Item(
                            "inference/" + name + "/" + cut, (setting, hash) -> hash.add(scored(mlp, way, setting)))));
            items.add(new Item("inference/" + name + "/classes", (setting, hash) -> classes(mlp, setting, hash)));
        });
        return items;
    }

    private static Map<String, Mlp> networks() {
        return new TreeMap<>(Map.of(
                "one-sigmoid",
                Mlp.inputs(INPUTS).dense(20, Activation.RELU).dense(1).sigmoid(),
                "relu-softmax",
                Mlp.inputs(INPUTS)
                        .dense(33, Activation.RELU)
                        .dense(17, Activation.RELU)
                        .dense(5)
                        .softmax(),
                "gelu-linear",
                Mlp.inputs(INPUTS).dense(40, Activation.GELU).dense(3).linear(),
                "norms-log-softmax",
                Mlp.inputs(INPUTS)
                        .dense(31)
                        .batchNorm()
                        .activation(Activation.SILU)
                        .dense(16)
                        .layerNorm()
                        .activation(Activation.SOFTPLUS)
                        .dense(11)
                        .logSoftmax(),
                "residual-sigmoid",
                Mlp.inputs(INPUTS)
                        .dense(24, Activation.TANH)
                        .residual(block -> block.layerNorm()
                                .dense(48, Activation.GELU_TANH)
                                .dropout(0.2f)
                                .dense(24))
                        .batchNorm()
                        .activation(Activation.HARD_SWISH)
                        .dense(4)
                        .sigmoid(),
                "wide",
                Mlp.inputs(INPUTS)
                        .dense(180, Activation.SIGMOID)
                        .dense(130, Activation.ELU)
                        .dense(7)
                        .softmax()));
    }

    private static Predictor predictor(final Mlp mlp, final Setting setting) {
        final Numbers numbers = new Numbers(8);
        final float[] parameters = numbers.plain(mlp.parameterCount());
        for (int i = 0; i < mlp.layers().size(); i++) {
            if (mlp.layers().get(i) instanceof BatchNorm norm) {
                // Behind weight, bias and running mean.
                final int at = mlp.parameterOffset(i) + 3 * norm.width();
                System.arraycopy(numbers.positive(norm.width()), 0, parameters, at, norm.width());
            }
        }
        final Model model = Model.of(Parameters.of(mlp, parameters))
                .withStandardization(Standardization.of(numbers.plain(INPUTS), numbers.positive(INPUTS)));
        return Predictor.of(model, setting.kernels());
    }

    private static float[] rows() {
        return new Numbers(9).within(ROWS * INPUTS, 3f);
    }

    private static float[] scored(final Mlp mlp, final Way way, final Setting setting) {
        final float[] y = new float[ROWS * mlp.outputs()];
        way.run(predictor(mlp, setting), setting, rows(), y);
        return y;
    }

    private static void blocks(
            final Predictor predictor, final Setting setting, final int block, final float[] x, final float[] y) {
        final InferenceSession session = predictor.session(block, setting.team());
        final int outputs = y.length / ROWS;
        for (int row = 0; row < ROWS; row += block) {
            session.run(Math.min(block, ROWS - row), x, row * INPUTS, y, row * outputs);
        }
    }

    /** The last row first, so that each has another place. */
    private static void backwards(final Predictor predictor, final Setting setting, final float[] x, final float[] y) {
        final float[] given = new float[y.length];
        final int outputs = y.length / ROWS;
        blocks(predictor, setting, ROWS, reversed(x, INPUTS), given);
        System.arraycopy(reversed(given, outputs), 0, y, 0, y.length);
    }

    private static float[] reversed(final float[] rows, final int columns) {
        final float[] reversed = new float[rows.length];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(rows, row * columns, reversed, (ROWS - 1 - row) * columns, columns);
        }
        return reversed;
    }

    private static void directBuffers(
            final Predictor predictor, final Setting setting, final float[] x, final float[] y) {
        final FloatBuffer in = direct(x.length).put(x).flip();
        final FloatBuffer out = direct(y.length);
        predictor.session(ROWS, setting.team()).run(ROWS, in, out);
        out.get(y);
    }

    private static FloatBuffer direct(final int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static void classes(final Mlp mlp, final Setting setting, final BitHash hash) {
        final InferenceSession session = predictor(mlp, setting).session(ROWS, setting.team());
        final float[] x = rows();
        final int[] classes = new int[ROWS];
        session.classify(ROWS, x, 0, classes, 0);
        final int k = Math.min(BEST, mlp.outputs());
        final int[] best = new int[ROWS * k];
        final float[] scores = new float[ROWS * k];
        session.topK(ROWS, k, x, 0, best, 0, scores, 0);
        final float[] logits = new float[ROWS * mlp.outputs()];
        session.logits(ROWS, x, 0, logits, 0);
        hash.add(classes).add(best).add(scores).add(logits);
    }
}
