package io.lanewise.training;

import io.lanewise.mlp.Model;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The loss, the gradients or the parameters became NaN or infinite, and the run was stopped. The message names the
 * epoch, the step and what usually helps.
 */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final transient @Nullable Model lastGood;

    TrainingDivergedException(
            final String what,
            final int epoch,
            final long step,
            final double learningRate,
            final @Nullable Model lastGood) {
        super(what + " in epoch " + epoch + ", step " + step + "; try a smaller learning rate (it is "
                + (float) learningRate + "), clipped gradients, standardised inputs, or look for extreme values in the"
                + " data");
        this.lastGood = lastGood;
    }

    /**
     * The model that there was before, if there is one: that of the best epoch where {@link EarlyStopping} looks for
     * it, else that after the last whole epoch, or where the run was resumed, if that was later.
     */
    public Optional<Model> lastGood() {
        return Optional.ofNullable(lastGood);
    }
}
