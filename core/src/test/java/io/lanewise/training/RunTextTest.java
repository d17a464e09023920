package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints that were written before have these texts. */
final class RunTextTest {
    @Test
    void optimizers() {
        assertEquals(
                "Adam[learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0]",
                RunText.of(Optimizer.adam(1e-3f)));
        assertEquals(
                "AdamW[learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.01]",
                RunText.of(Optimizer.adamW(1e-3f)));
        assertEquals(
                "Sgd[learningRate=0.1, momentum=0.9, weightDecay=0.0, nesterov=false]",
                RunText.of(Optimizer.sgd(0.1f, 0.9f)));
        assertEquals(
                "RmsProp[learningRate=0.01, alpha=0.99, epsilon=1.0E-8, weightDecay=0.0, momentum=0.0]",
                RunText.of(Optimizer.rmsProp(0.01f)));
    }

    @Test
    void lossesAndRules() {
        assertEquals("CrossEntropy[labelSmoothing=0.0, classWeights=[]]", RunText.of(Loss.crossEntropy()));
        assertEquals(
                "CrossEntropy[labelSmoothing=0.1, classWeights=[1.0, 0.5]]",
                RunText.of(new Loss.CrossEntropy(0.1f, List.of(1f, 0.5f))));
        assertEquals("BinaryCrossEntropy[]", RunText.of(new Loss.BinaryCrossEntropy()));
        assertEquals("SquaredError[]", RunText.of(new Loss.SquaredError()));
        assertEquals("AbsoluteError[]", RunText.of(new Loss.AbsoluteError()));
        assertEquals("Huber[delta=1.5]", RunText.of(new Loss.Huber(1.5f)));
        assertEquals("None[]", RunText.of(Clipping.none()));
        assertEquals("Norm[limit=1.0]", RunText.of(new Clipping.Norm(1)));
        assertEquals("Value[limit=0.5]", RunText.of(new Clipping.Value(0.5f)));
        assertEquals("EarlyStopping[patience=3, minimumDelta=0.25]", RunText.of(new EarlyStopping(3, 0.25)));
        assertEquals("null", RunText.of((EarlyStopping) null));
    }

    @Test
    void layers() {
        final Mlp mlp = Mlp.inputs(3)
                .dense(4)
                .batchNorm()
                .activation(Activation.LEAKY_RELU)
                .residual(block -> block.layerNorm().dropout(0.5f).dense(4))
                .dense(2)
                .softmax();
        assertEquals(
                "[Dense[inputs=3, outputs=4, activation=IDENTITY], BatchNorm[width=4, epsilon=1.0E-5],"
                        + " ActivationLayer[width=4, activation=LEAKY_RELU], LayerNorm[width=4, epsilon=1.0E-5],"
                        + " Dropout[width=4, rate=0.5], Dense[inputs=4, outputs=4, activation=IDENTITY],"
                        + " Add[width=4, from=2], Dense[inputs=4, outputs=2, activation=IDENTITY]]",
                RunText.of(mlp.layers()));
        assertEquals(mlp.layers().toString(), RunText.of(mlp.layers())); // so far, and on this Java
    }
}
