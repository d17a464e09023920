package io.lanewise.training;

/**
 * A layer while it is trained: its forward pass beside its backward pass, and the workspace that it keeps from one to
 * the other. Made once for the largest batch; nothing is allocated in a pass.
 */
abstract class LayerPass {
    /** Rows that a layer takes or gives; those of the network's input change place with each batch. */
    static final class Rows {
        float[] values; // (rows, width) from offset
        int offset;

        Rows(final float[] values) {
            this.values = values;
        }
    }

    /**
     * Where the gradient of the rows that a layer takes goes.
     *
     * @param values (rows, width); it may be the memory of the gradient of the rows that the layer gives
     * @param adds whether it has a share of a later layer already, which is to be kept and added to
     */
    record Target(float[] values, boolean adds) {}

    /** From X to Y. */
    abstract void forward(int rows, long step);

    /** From dY, which may be overwritten, to the gradients of the layer's parameters and to dX, if that is needed. */
    abstract void backward(int rows);

    /** The update that is about to be made; for what a layer learns without gradients. */
    void update(final int rows) {}
}
