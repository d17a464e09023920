package io.lanewise.mlp;

/** What the outputs of the last layer mean, and with it the loss that a network is trained with. */
public enum Head {
    /** Class probabilities: softmax of the last layer; trained with cross-entropy. */
    SOFTMAX,

    /** Values, as they are; trained with the mean squared error. */
    LINEAR
}
