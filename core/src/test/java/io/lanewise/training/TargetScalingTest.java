package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import org.junit.jupiter.api.Test;

final class TargetScalingTest {
    // Targets (10, 14) and (7, 7): means 12 and 7, deviations 2 and none.
    private static final Dataset DATA = Dataset.regression(1, 2, new float[2], new float[] {10, 7, 14, 7});

    @Test
    void targetsAreLearntInStandardUnits() {
        final Mlp mlp = Mlp.inputs(1).dense(2).linear();
        final TargetScaling scaling = TargetScaling.of(mlp, DATA);
        assertArrayEquals(new float[] {-1, 0, 1, 0}, scaling.scaled(DATA.targets()));
        assertArrayEquals(new float[] {10, 7, 14, 7}, DATA.targets());
    }

    @Test
    void theLastLayerTakesThemBack() {
        final Mlp mlp = Mlp.inputs(1).dense(2, Activation.TANH).dense(2).linear();
        final Parameters folded = TargetScaling.of(mlp, DATA)
                .folded(Parameters.of(mlp, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 0.5f, -0.5f}));
        assertArrayEquals(new float[] {1, 2, 3, 4, 10, 6, 14, 8, 13, 6.5f}, folded.toArray());
    }

    @Test
    void classifiersAndBoundedOutputsAreLeftAlone() {
        final Mlp bounded = Mlp.inputs(1).dense(2, Activation.SIGMOID).linear();
        final TargetScaling scaling = TargetScaling.of(bounded, DATA);
        assertSame(DATA.targets(), scaling.scaled(DATA.targets()));
        final Parameters parameters = Parameters.random(bounded, 1);
        assertEquals(parameters, scaling.folded(parameters));
    }
}
