package io.lanewise.training;

/**
 * The loss or the parameters became NaN or infinite, and the run was stopped. The message names the epoch, the step and
 * what usually helps.
 */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(final double loss, final int epoch, final int step, final float learningRate) {
        super((Double.isFinite(loss) ? "the parameters became infinite or NaN" : "the loss became " + loss)
                + " in epoch " + epoch + ", step " + step
                + "; try a smaller learning rate (it is " + learningRate
                + "), standardised inputs, or look for extreme values in the data");
    }
}
