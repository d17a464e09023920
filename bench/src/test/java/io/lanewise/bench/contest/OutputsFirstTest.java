package io.lanewise.bench.contest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.mlp.Mlp;
import org.junit.jupiter.api.Test;

class OutputsFirstTest {
    private static final Mlp MLP = Mlp.inputs(2).dense(3).dense(2).softmax();
    private static final float[] OURS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    private static final float[] THEIRS = {1, 4, 2, 5, 3, 6, 7, 8, 9, 10, 12, 14, 11, 13, 15, 16, 17};

    @Test
    void transposesWeights() {
        assertArrayEquals(THEIRS, OutputsFirst.of(MLP, OURS));
    }

    @Test
    void transposesThemBack() {
        assertArrayEquals(OURS, OutputsFirst.undo(MLP, THEIRS));
    }
}
