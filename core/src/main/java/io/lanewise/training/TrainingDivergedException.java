package io.lanewise.training;

/** The loss became NaN or infinite: the run was stopped before the update that would have spoiled the parameters. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(final double loss, final int epoch, final int step, final float learningRate) {
        super("the loss became " + loss + " in epoch " + epoch + ", step " + step
                + "; try a smaller learning rate (it is " + learningRate
                + "), standardised inputs, or look for extreme values in the data");
    }
}
