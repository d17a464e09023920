package io.lanewise.cli;

import io.lanewise.training.Clipping;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Schedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How parameters follow from gradients. */
final class OptimizerOptions {
    private static final float SGD_MOMENTUM = 0.9f;

    @Option(
            names = "--optimizer",
            defaultValue = "adam",
            paramLabel = "NAME",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Optimizer.Kind method = Optimizer.Kind.ADAM;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.001",
            paramLabel = "RATE",
            description = "Step size. Default: ${DEFAULT-VALUE}.")
    private float learningRate;

    @Option(
            names = "--schedule",
            defaultValue = "constant",
            paramLabel = "SCHEDULE",
            description = {
                "How the learning rate changes: a name and, behind a colon, what shall differ from",
                "  constant",
                "  step:epochs=30,gamma=0.1",
                "  exponential:gamma=0.95",
                "  cosine:warm-up=0.05,final=0",
                "  one-cycle:warm-up=0.3,divisor=25,final-divisor=10000",
                "  plateau:factor=0.1,patience=10,threshold=1e-4,cooldown=0,minimum=0",
                "A warm-up is a share of all steps; plateau follows the loss of held-out rows. Default: constant."
            })
    private Schedule schedule = Schedule.constant();

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            description = "Momentum of sgd or rmsprop. Default: 0.9 for sgd, 0 for rmsprop.")
    private @Nullable Float momentum;

    @Option(names = "--nesterov", description = "Let sgd look ahead by its momentum.")
    private boolean nesterov;

    @Option(
            names = "--weight-decay",
            paramLabel = "DECAY",
            description = "Pulls weights towards zero. Default: 0, for adamw 0.01.")
    private @Nullable Float weightDecay;

    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            description = "Shorten the gradient where it is longer than that. Default: not.")
    private @Nullable Float clipNorm;

    @Option(
            names = "--clip-value",
            paramLabel = "VALUE",
            description = "Cut each element of the gradient off at ± that. Default: not.")
    private @Nullable Float clipValue;

    /** How the learning rate changes. */
    Schedule schedule() {
        return schedule;
    }

    Optimizer optimizer() {
        if (momentum != null && method != Optimizer.Kind.SGD && method != Optimizer.Kind.RMSPROP) {
            throw new UserException("--momentum is for --optimizer sgd or rmsprop, not for " + method);
        }
        if (nesterov && method != Optimizer.Kind.SGD) {
            throw new UserException("--nesterov is for --optimizer sgd, not for " + method);
        }
        return Arguments.checked(() -> {
            final float decay = weightDecay == null ? 0f : weightDecay;
            return switch (method) {
                case ADAM -> new Optimizer.Adam(learningRate, 0.9f, 0.999f, 1e-8f, decay);
                case ADAMW ->
                    new Optimizer.AdamW(learningRate, 0.9f, 0.999f, 1e-8f, weightDecay == null ? 0.01f : decay);
                case SGD ->
                    new Optimizer.Sgd(learningRate, momentum == null ? SGD_MOMENTUM : momentum, decay, nesterov);
                case RMSPROP ->
                    new Optimizer.RmsProp(learningRate, 0.99f, 1e-8f, decay, momentum == null ? 0f : momentum);
            };
        });
    }

    Clipping clipping() {
        if (clipNorm != null && clipValue != null) {
            throw new UserException("give either --clip-norm or --clip-value, not both");
        }
        return Arguments.checked(() -> {
            if (clipNorm != null) {
                return new Clipping.Norm(clipNorm);
            }
            return clipValue != null ? new Clipping.Value(clipValue) : Clipping.none();
        });
    }
}
