package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Head;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes steps of what symbols are: lines become part of the layer before them, or of the one behind. */
final class LayerBuilder {
    /** More than any selection of columns of a hidden layer has. */
    private static final int MOST_SELECTED = 1 << 24;

    private final Forms forms;
    private final Budget budget;
    private final Step.Input input;
    private final Map<String, Integer> offsets;
    private final Standardized standardized;
    private final Map<Symbol, Rows> rows = new HashMap<>();
    private final Set<Symbol> lines = new HashSet<>(); // of the inputs as they come, not standardised
    private int steps = 1; // the inputs are one
    private boolean standardizes;

    /**
     * Prepares.
     *
     * @param offsets the first column of each input
     * @param inputs the number of columns of all
     */
    LayerBuilder(final Forms forms, final Budget budget, final Map<String, Integer> offsets, final int inputs) {
        this.forms = forms;
        this.budget = budget;
        this.offsets = offsets;
        this.input = new Step.Input(0, inputs);
        this.standardized = new Standardized(inputs);
    }

    /** The step of an output, which all that it needs is before. */
    Rows build(final Symbol root) {
        collectLines(root);
        standardizes = standardized.get().isPresent();
        forms.all().forEach((symbol, form) -> {
            if (!rows.containsKey(symbol)) {
                rows.put(symbol, built(symbol, form));
            }
        });
        final Rows last = consumed(root);
        return last.head() == null ? Rows.of(step(last, true)) : last;
    }

    /** What is done to the inputs before the first layer. */
    Standardized standardized() {
        return standardized;
    }

    /** The symbols that are the inputs but for a line, and what of them other symbols take. */
    private void collectLines(final Symbol root) {
        forms.all().forEach((symbol, form) -> {
            final List<Symbol> needs = form.needs();
            final boolean line = switch (form) {
                case Form.Input ignored -> true;
                case Form.Same ignored -> true;
                case Form.Named ignored -> true;
                case Form.Affine ignored -> true;
                case Form.Selected ignored -> true;
                case Form.Joined ignored -> true;
                default -> false;
            };
            if (line && needs.stream().allMatch(rows::containsKey)) {
                rows.put(symbol, built(symbol, form));
                lines.add(symbol);
            } else {
                needs.stream().filter(rows::containsKey).forEach(need -> standardized.add(of(need)));
            }
        });
        if (rows.containsKey(root)) {
            standardized.add(of(root));
        }
    }

    private Rows of(final Symbol symbol) {
        return Objects.requireNonNull(rows.get(symbol));
    }

    /** What a layer takes of a symbol: of the inputs, what the standardisation leaves to do. */
    private Rows consumed(final Symbol symbol) {
        final Rows taken = of(symbol);
        return standardizes && lines.contains(symbol) ? taken.withoutLine() : taken;
    }

    /** The same, where nothing may come after it. */
    private Rows open(final Symbol symbol, final Symbol user) {
        final Rows taken = consumed(symbol);
        if (taken.head() != null) {
            throw user.refusal("expected nothing after a softmax, which has to be the last layer");
        }
        return taken;
    }

    private Rows built(final Symbol symbol, final Form form) {
        return switch (form) {
            case Form.Input it -> ofInput(it.name(), symbol.width());
            case Form.Same it -> consumed(it.x());
            case Form.Named it -> consumed(it.x());
            case Form.Label it -> consumed(Objects.requireNonNull(it.x()));
            case Form.Affine it -> affine(symbol, it);
            case Form.Selected it -> selected(symbol, it);
            case Form.Joined it -> joined(symbol, it);
            case Form.Dense it -> Rows.of(dense(open(it.x(), symbol), it.weight(), it.bias()));
            case Form.LayerNormalized it ->
                Rows.of(new Step.LayerNorm(
                        step(open(it.x(), symbol), once(it.x())), it.epsilon(), it.weight(), it.bias(), steps++));
            case Form.BatchNormalized it ->
                Rows.of(new Step.BatchNorm(
                        step(open(it.x(), symbol), once(it.x())),
                        it.epsilon(),
                        it.weight(),
                        it.bias(),
                        it.mean(),
                        it.variance(),
                        steps++));
            case Form.Activated it -> activated(open(it.x(), symbol), it.curve(), once(it.x()));
            case Form.Added it -> added(symbol, it);
            case Form.Headed it -> new Rows(step(open(it.x(), symbol), once(it.x())), null, null, null, it.head());
            case Form.TwoClasses it -> twoClasses(open(it.x(), symbol), once(it.x()));
            case Form.Computed ignored -> throw symbol.refusal("expected a layer");
            case Form.Refused it -> throw it.reason();
        };
    }

    private boolean once(final Symbol symbol) {
        return forms.isUsedOnce(symbol);
    }

    private Rows ofInput(final String name, final int width) {
        final int offset = Objects.requireNonNull(offsets.get(name));
        final int[] columns = new int[width];
        Arrays.setAll(columns, i -> offset + i);
        return Rows.of(input).select(columns);
    }

    private Rows affine(final Symbol symbol, final Form.Affine form) {
        final Rows taken = consumed(form.x());
        if (taken.head() != null) {
            throw symbol.refusal("expected nothing after a softmax, which has to be the last layer");
        }
        return folded(taken.line(form.scale(), form.shift()), once(form.x()));
    }

    private Rows selected(final Symbol symbol, final Form.Selected form) {
        final Rows taken = consumed(form.x());
        if (taken.head() != null) {
            throw symbol.refusal("expected all columns of a softmax");
        }
        return taken.select(form.columns());
    }

    private Rows joined(final Symbol symbol, final Form.Joined form) {
        Rows all = consumed(form.parts().getFirst());
        for (final Symbol part : form.parts().subList(1, form.parts().size())) {
            final Rows other = consumed(part);
            if (other.step().number() != all.step().number() || other.head() != null || all.head() != null) {
                throw symbol.refusal("expected columns of one layer or of the graph's inputs, got those of several");
            }
            all = all.join(other);
        }
        return all;
    }

    private Step.Dense dense(final Rows x, final double[] weight, final double[] bias) {
        if (x.isPlain()) {
            return new Step.Dense(x.step(), weight, bias, steps++);
        }
        final int outputs = bias.length;
        final double[] w = new double[budget.take(x.step().width(), outputs)];
        final double[] b = bias.clone();
        for (int i = 0; i < x.width(); i++) {
            for (int j = 0; j < outputs; j++) {
                w[x.column(i) * outputs + j] += x.scale(i) * weight[i * outputs + j];
                b[j] += x.shift(i) * weight[i * outputs + j];
            }
        }
        return new Step.Dense(x.step(), w, b, steps++);
    }

    /** A line made part of the layer that it follows, if that is one with a weight and nobody else sees it. */
    private Rows folded(final Rows x, final boolean once) {
        if (!once || x.columns() != null || x.head() != null || !x.hasLine()) {
            return x;
        }
        return switch (x.step()) {
            case Step.Dense dense -> {
                final double[] weight = dense.weight().clone();
                for (int e = 0; e < weight.length; e++) {
                    weight[e] *= x.scale(e % dense.width());
                }
                yield Rows.of(new Step.Dense(dense.x(), weight, lined(x, dense.bias(), true), steps++));
            }
            case Step.LayerNorm norm ->
                Rows.of(new Step.LayerNorm(
                        norm.x(),
                        norm.epsilon(),
                        lined(x, norm.weight(), false),
                        lined(x, norm.bias(), true),
                        steps++));
            case Step.BatchNorm norm ->
                Rows.of(new Step.BatchNorm(
                        norm.x(),
                        norm.epsilon(),
                        lined(x, norm.weight(), false),
                        lined(x, norm.bias(), true),
                        norm.mean(),
                        norm.variance(),
                        steps++));
            case Step.Input ignored -> x;
            case Step.Activate ignored -> x;
            case Step.Add ignored -> x;
        };
    }

    private static double[] lined(final Rows x, final double[] values, final boolean shifted) {
        final double[] all = new double[values.length];
        Arrays.setAll(all, i -> values[i] * x.scale(i) + (shifted ? x.shift(i) : 0));
        return all;
    }

    private Rows line(final Rows x, final double scale, final double shift, final boolean once) {
        final double[] scales = new double[x.width()];
        final double[] shifts = new double[x.width()];
        Arrays.fill(scales, scale);
        Arrays.fill(shifts, shift);
        return folded(x.line(scales, shifts), once);
    }

    /** A step that gives these very columns: a line that no layer takes in becomes a batch normalisation. */
    private Step step(final Rows x, final boolean once) {
        final Rows folded = folded(x, once);
        if (folded.columns() != null) {
            final int width = folded.width();
            if ((long) width * width > MOST_SELECTED) {
                throw new Refusal("expected columns of a dense layer's input, got a selection of others");
            }
            final double[] identity = new double[budget.take(width, width)];
            for (int i = 0; i < width; i++) {
                identity[i * width + i] = 1;
            }
            return dense(folded, identity, new double[width]);
        }
        return folded.hasLine() ? scaled(folded) : folded.step();
    }

    private Step scaled(final Rows x) {
        final double[] ones = new double[x.width()];
        Arrays.fill(ones, 1);
        return new Step.BatchNorm(
                x.step(),
                0,
                lined(x, ones, false),
                lined(x, new double[x.width()], true),
                new double[x.width()],
                ones,
                steps++);
    }

    private Rows activated(final Rows x, final Curve curve, final boolean once) {
        final Rows taken = line(x, curve.a(), curve.b(), once);
        final Rows value = curve.activation() == Activation.LEAKY_RELU && curve.slope() != Activation.LEAKY_SLOPE
                ? leaky(taken, curve.slope(), once)
                : Rows.of(new Step.Activate(step(taken, once), curve.activation(), steps++));
        return line(value, curve.c(), curve.d(), false);
    }

    /** A leaky ReLU of any slope s: ± (|s| x + k relu(|s| x)), k = ± (1 − s) / |s|. */
    private Rows leaky(final Rows x, final double slope, final boolean once) {
        final double sign = Math.signum(slope);
        final Step part = step(line(x, Math.abs(slope), 0, once), once);
        final Step relu = new Step.Activate(part, Activation.RELU, steps++);
        final Step more = scaled(line(Rows.of(relu), sign * (1 - slope) / Math.abs(slope), 0, false));
        return line(Rows.of(new Step.Add(more, part, null, steps++)), sign, 0, false);
    }

    private Rows added(final Symbol symbol, final Form.Added form) {
        final Rows x = whole(open(form.x(), symbol), once(form.x()));
        final Rows y = whole(open(form.y(), symbol), once(form.y()));
        final Rows signed = line(y, form.sign(), 0, once(form.y()));
        if (x.step().number() == signed.step().number()) {
            return sumOfLines(x, signed);
        }
        if (once(form.x()) && once(form.y()) && areParallel(x, signed)) {
            return sumOfProducts(x, signed);
        }
        final boolean first = x.step().number() > signed.step().number();
        final Rows tip = first ? x : signed;
        final Rows other = first ? signed : x;
        final double[] ratio = new double[x.width()];
        final double[] scale = new double[x.width()];
        final double[] shift = new double[x.width()];
        for (int i = 0; i < ratio.length; i++) {
            scale[i] = other.scale(i);
            ratio[i] = tip.scale(i) / scale[i];
            shift[i] = tip.shift(i) + other.shift(i);
            if (!Double.isFinite(ratio[i])) {
                throw symbol.refusal("expected a sum of two values that are both used");
            }
        }
        final Rows scaledTip = new Rows(tip.step(), null, ratio, new double[ratio.length], null);
        final Step added =
                new Step.Add(step(scaledTip, once(first ? form.x() : form.y())), other.step(), symbol, steps++);
        return new Rows(added, null, scale, shift, null);
    }

    /** With all columns of their step in order. */
    private Rows whole(final Rows x, final boolean once) {
        return x.columns() == null ? x : Rows.of(step(x, once));
    }

    /** Softmax of 0 and z has the probabilities 1 − p and p of p = sigmoid(z). */
    private Rows twoClasses(final Rows z, final boolean once) {
        final Rows logit = folded(z, once);
        final Step.Dense both;
        if (once && logit.isPlain() && logit.step() instanceof Step.Dense dense) {
            final double[] weight = new double[budget.take(dense.weight().length, 2)];
            for (int i = 0; i < dense.weight().length; i++) {
                weight[2 * i + 1] = dense.weight()[i];
            }
            both = new Step.Dense(dense.x(), weight, new double[] {0, dense.bias()[0]}, steps++);
        } else {
            both = dense(logit, new double[] {0, 1}, new double[2]);
        }
        return new Rows(both, null, null, null, Head.SOFTMAX);
    }

    private static Rows sumOfLines(final Rows x, final Rows y) {
        final double[] scale = new double[x.width()];
        final double[] shift = new double[x.width()];
        Arrays.setAll(scale, i -> x.scale(i) + y.scale(i));
        Arrays.setAll(shift, i -> x.shift(i) + y.shift(i));
        return new Rows(x.step(), null, scale, shift, null);
    }

    private static boolean areParallel(final Rows x, final Rows y) {
        return x.step() instanceof Step.Dense a
                && y.step() instanceof Step.Dense b
                && a.x().number() == b.x().number()
                && x.isPlain()
                && y.isPlain();
    }

    /** Two products of the same columns are one. */
    private Rows sumOfProducts(final Rows x, final Rows y) {
        if (!(x.step() instanceof Step.Dense a) || !(y.step() instanceof Step.Dense b)) {
            throw new Refusal("expected two products");
        }
        final double[] weight = new double[budget.take(a.weight().length)];
        final double[] bias = new double[a.width()];
        Arrays.setAll(weight, i -> a.weight()[i] + b.weight()[i]);
        Arrays.setAll(bias, i -> a.bias()[i] + b.bias()[i]);
        return Rows.of(new Step.Dense(a.x(), weight, bias, steps++));
    }
}
