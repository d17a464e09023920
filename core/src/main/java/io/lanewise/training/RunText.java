package io.lanewise.training;

import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run was told, as checkpoints keep it. The text is part of their format, so it is written here and does not
 * depend on how a version of Java shows a record: what a new one shows otherwise would be another run.
 */
final class RunText {
    private RunText() {}

    static String of(final Optimizer optimizer) {
        return switch (optimizer) {
            case Optimizer.Sgd o ->
                "Sgd[learningRate=" + o.learningRate() + ", momentum=" + o.momentum() + ", weightDecay="
                        + o.weightDecay() + ", nesterov=" + o.nesterov() + "]";
            case Optimizer.Adam o ->
                "Adam[learningRate=" + o.learningRate() + ", beta1=" + o.beta1() + ", beta2=" + o.beta2() + ", epsilon="
                        + o.epsilon() + ", weightDecay=" + o.weightDecay() + "]";
            case Optimizer.AdamW o ->
                "AdamW[learningRate=" + o.learningRate() + ", beta1=" + o.beta1() + ", beta2=" + o.beta2()
                        + ", epsilon=" + o.epsilon() + ", weightDecay=" + o.weightDecay() + "]";
            case Optimizer.RmsProp o ->
                "RmsProp[learningRate=" + o.learningRate() + ", alpha=" + o.alpha()
                        + ", epsilon=" + o.epsilon() + ", weightDecay=" + o.weightDecay() + ", momentum=" + o.momentum()
                        + "]";
        };
    }

    static String of(final Loss loss) {
        return switch (loss) {
            case Loss.CrossEntropy l ->
                "CrossEntropy[labelSmoothing=" + l.labelSmoothing() + ", classWeights=" + list(l.classWeights()) + "]";
            case Loss.BinaryCrossEntropy ignored -> "BinaryCrossEntropy[]";
            case Loss.SquaredError ignored -> "SquaredError[]";
            case Loss.AbsoluteError ignored -> "AbsoluteError[]";
            case Loss.Huber l -> "Huber[delta=" + l.delta() + "]";
        };
    }

    static String of(final Clipping clipping) {
        return switch (clipping) {
            case Clipping.None ignored -> "None[]";
            case Clipping.Norm c -> "Norm[limit=" + c.limit() + "]";
            case Clipping.Value c -> "Value[limit=" + c.limit() + "]";
        };
    }

    static String of(final @Nullable EarlyStopping rule) {
        return rule == null
                ? "null"
                : "EarlyStopping[patience=" + rule.patience() + ", minimumDelta=" + rule.minimumDelta() + "]";
    }

    static String of(final List<Layer> layers) {
        return list(layers.stream().map(RunText::of).toList());
    }

    private static String of(final Layer layer) {
        return switch (layer) {
            case Dense l ->
                "Dense[inputs=" + l.inputs() + ", outputs=" + l.outputs() + ", activation="
                        + l.activation().name() + "]";
            case ActivationLayer l ->
                "ActivationLayer[width=" + l.width() + ", activation="
                        + l.activation().name() + "]";
            case BatchNorm l -> "BatchNorm[width=" + l.width() + ", epsilon=" + l.epsilon() + "]";
            case LayerNorm l -> "LayerNorm[width=" + l.width() + ", epsilon=" + l.epsilon() + "]";
            case Dropout l -> "Dropout[width=" + l.width() + ", rate=" + l.rate() + "]";
            case Add l -> "Add[width=" + l.width() + ", from=" + l.from() + "]";
        };
    }

    private static String list(final List<?> elements) {
        return elements.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
