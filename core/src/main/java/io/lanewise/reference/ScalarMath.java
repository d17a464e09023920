package io.lanewise.reference;

/** stub. */
public final class ScalarMath {
    private ScalarMath() {}

    /** exp. */
    public static float exp(final float x) {
        return (float) StrictMath.exp(x);
    }

    /** log. */
    public static float log(final float x) {
        return (float) StrictMath.log(x);
    }

    /** sigmoid. */
    public static float sigmoid(final float x) {
        return (float) (1 / (1 + StrictMath.exp(-x)));
    }

    /** tanh. */
    public static float tanh(final float x) {
        return (float) StrictMath.tanh(x);
    }
}
