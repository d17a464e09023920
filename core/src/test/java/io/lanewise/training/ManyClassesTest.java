package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.mlp.Mlp;
import io.lanewise.reference.ReferenceKernels;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A table of all pairs of 20,000 classes would take 1.6 GB: nothing may make one unasked, let alone keep it. */
final class ManyClassesTest {
    private static final int CLASSES = 20_000;
    private static final int ROWS = 8;

    @Test
    void aRunLooksAtHeldOutRowsAfterEachEpoch() {
        final int[] labels = RandomArrays.ints(1, ROWS, CLASSES);
        final Dataset data = Dataset.classification(2, CLASSES, RandomArrays.floats(2, ROWS * 2, 1), labels);
        final AtomicInteger heard = new AtomicInteger();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onEpoch(final EpochReport report) {
                final Evaluation evaluation = report.validation().orElseThrow();
                assertEquals(report.validationLoss(), evaluation.loss());
                assertTrue(evaluation.recall(labels[0]) >= 0);
                heard.incrementAndGet();
            }
        };
        final TrainingResult result = Trainer.of(
                        Mlp.inputs(2).dense(CLASSES).softmax(),
                        TrainingOptions.defaults().withEpochs(5).withBatchSize(4))
                .kernels(ReferenceKernels.INSTANCE)
                .validation(data)
                .listener(listener)
                .fit(data);
        assertEquals(5, heard.get());
        assertTrue(
                result.history().stream().allMatch(report -> report.validation().isEmpty()));
    }

    @Test
    void aTableThatNoHeapHoldsIsRefused() {
        final int classes = 2_000_000; // 16 TB
        final Confusion confusion = new Confusion(classes, 1);
        confusion.add(1, 0);
        final String message = String.valueOf(
                assertThrows(IllegalStateException.class, confusion::table).getMessage());
        assertTrue(
                message.startsWith(
                        "the confusion of 2000000 classes is a table of 15258834 MiB, and the heap may have "),
                message);
        assertTrue(message.endsWith(": use precision(c) and recall(c), or allow more memory with -Xmx"), message);
    }

    @Test
    void aTableCountsPairs() {
        final Confusion confusion = new Confusion(3, 5);
        confusion.add(1, 2);
        confusion.add(1, 2);
        confusion.add(0, 0);
        assertArrayEquals(new int[][] {{1, 0, 0}, {0, 0, 2}, {0, 0, 0}}, confusion.table());
    }
}
