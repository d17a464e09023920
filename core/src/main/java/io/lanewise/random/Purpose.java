package io.lanewise.random;

/**
 * What random numbers are for. Each purpose has a stream of its own, so that drawing more numbers for one changes
 * nothing for another. The numbers are part of the arithmetic: they never change.
 */
public enum Purpose {
    /** Initial weights, uniform or normal; the step is the layer, the element is the index in the weight matrix. */
    WEIGHTS(1),
    /** The order of rows in an epoch; the step is the epoch, the element is the position. */
    SHUFFLE(2),
    /** Which rows are held out; the step is 0, the element is the position. */
    SPLIT(3),
    /** What a dropout leaves out; the step is the update, the element is layer · 2⁴⁰ + index in the batch's matrix. */
    DROPOUT(4);

    private final int number;

    Purpose(final int number) {
        this.number = number;
    }

    /** The word of the generator's counter that tells this purpose from the others. */
    public int number() {
        return number;
    }
}
