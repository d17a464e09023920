package io.lanewise.mlp;

/** What the outputs of the last layer mean, and with it the loss that a network is trained with. */
public enum Head {
    /** Class probabilities: softmax of the last layer; trained with cross-entropy. */
    SOFTMAX,

    /** Values, as they are; trained with the mean squared error. */
    LINEAR,

    /** The logarithms of class probabilities: log-softmax of the last layer; trained with cross-entropy. */
    LOG_SOFTMAX,

    /**
     * Probabilities that do not exclude each other: the sigmoid of each output of the last layer. With one output, that
     * of the class 1 against the class 0.
     */
    SIGMOID;

    /** Whether rows belong to one of several classes, one for each output. */
    public boolean isClassifier() {
        return this == SOFTMAX || this == LOG_SOFTMAX;
    }
}
