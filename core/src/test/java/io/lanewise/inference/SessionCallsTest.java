package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.TrainingSession;
import io.lanewise.training.TrainingSessionBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of a session beside {@code run} and {@code classify} on arrays. */
final class SessionCallsTest {
    private static final Kernels KERNELS = ReferenceKernels.INSTANCE;
    private static final int INPUTS = Nets.INPUTS;
    private static final int OUTPUTS = Nets.OUTPUTS;
    private static final int ROWS = 11;
    private static final float[] X = Nets.rows(ROWS);

    private static InferenceSession session() {
        return Predictor.of(Nets.classifier(Activation.RELU), KERNELS).session(ROWS);
    }

    private static float[] expected() {
        final float[] y = new float[ROWS * OUTPUTS];
        session().run(ROWS, X, 0, y, 0);
        return y;
    }

    private static FloatBuffer direct(final int n, final ByteOrder order) {
        return ByteBuffer.allocateDirect(n * Float.BYTES).order(order).asFloatBuffer();
    }

    @Test
    void buffersOfAllKindsGiveTheBitsOfArrays() {
        final List<FloatBuffer> buffers = List.of(
                FloatBuffer.allocate(2 + X.length),
                FloatBuffer.wrap(new float[7 + X.length], 3, X.length + 4).slice(),
                direct(2 + X.length, ByteOrder.nativeOrder()),
                direct(2 + X.length, ByteOrder.BIG_ENDIAN));
        for (int i = 0; i < buffers.size(); i++) {
            for (int o = 0; o < buffers.size(); o++) {
                final FloatBuffer in = buffers.get(i);
                final FloatBuffer out = buffers.get(o);
                if (i != o) {
                    in.put(2, X).position(2);
                    out.put(1, new float[ROWS * OUTPUTS]).position(1);
                    final InferenceSession session = session();
                    session.run(ROWS, in, out);
                    final float[] y = new float[ROWS * OUTPUTS];
                    out.get(1, y);
                    assertArrayEquals(expected(), y);
                    assertEquals(2, in.position());
                    assertEquals(1, out.position());
                }
            }
        }
        final FloatBuffer y = FloatBuffer.allocate(ROWS * OUTPUTS);
        session().run(ROWS, FloatBuffer.wrap(X).asReadOnlyBuffer(), y);
        assertArrayEquals(expected(), y.array());
    }

    @Test
    void buffersThatDoNotDoAreRefusedBeforeAnythingIsWritten() {
        final InferenceSession session = session();
        final FloatBuffer x = FloatBuffer.wrap(X);
        final FloatBuffer y = FloatBuffer.allocate(ROWS * OUTPUTS);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> session.run(ROWS, x, y.duplicate().position(1)));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> session.run(ROWS, x.duplicate().limit(X.length - 1), y));
        assertThrows(ReadOnlyBufferException.class, () -> session.run(ROWS, x, y.asReadOnlyBuffer()));
        assertThrows(IllegalArgumentException.class, () -> session.run(ROWS + 1, x, y));
        assertThrows(IllegalArgumentException.class, () -> session.run(-1, x, y));
        assertArrayEquals(new float[ROWS * OUTPUTS], y.array());
        session.run(ROWS, x, y);
        assertArrayEquals(expected(), y.array());
    }

    /** Of each kind of buffer: with an array or without, sliced, in another order, read-only. */
    private static List<FloatBuffer> rowsFromElementTwo() {
        final float[] shifted = new float[2 + X.length];
        System.arraycopy(X, 0, shifted, 2, X.length);
        final List<FloatBuffer> buffers = List.of(
                FloatBuffer.wrap(shifted),
                FloatBuffer.wrap(new float[7 + X.length], 3, X.length + 2)
                        .slice()
                        .put(0, shifted),
                direct(shifted.length, ByteOrder.nativeOrder()).put(0, shifted),
                direct(shifted.length, ByteOrder.BIG_ENDIAN).put(0, shifted),
                direct(shifted.length, ByteOrder.LITTLE_ENDIAN).put(0, shifted),
                direct(shifted.length + 1, ByteOrder.nativeOrder())
                        .position(1)
                        .slice()
                        .put(0, shifted),
                ByteBuffer.allocate(4 * shifted.length).asFloatBuffer().put(0, shifted),
                FloatBuffer.wrap(shifted).asReadOnlyBuffer());
        buffers.forEach(buffer -> buffer.position(2));
        return buffers;
    }

    @Test
    void classesAndLogitsOfBuffers() {
        final int[] classes = new int[ROWS + 1];
        final float[] logits = new float[ROWS * OUTPUTS];
        session().classify(ROWS, X, 0, classes, 1);
        session().logits(ROWS, X, 0, logits, 0);
        for (final FloatBuffer x : rowsFromElementTwo()) {
            final InferenceSession session = session();
            final int[] found = new int[ROWS + 1];
            session.classify(ROWS, x, found, 1);
            assertArrayEquals(classes, found, x::toString);
            final FloatBuffer y =
                    direct(1 + ROWS * OUTPUTS, ByteOrder.BIG_ENDIAN).position(1);
            session.logits(ROWS, x, y);
            final float[] values = new float[ROWS * OUTPUTS];
            y.get(1, values);
            assertArrayEquals(logits, values, x::toString);
            assertEquals(2, x.position());
            assertEquals(1, y.position());
        }
    }

    @Test
    void buffersThatClassifyRefuses() {
        final InferenceSession session = session();
        final FloatBuffer x = FloatBuffer.wrap(X);
        final int[] classes = new int[ROWS];
        assertThrows(IndexOutOfBoundsException.class, () -> session.classify(ROWS, x, classes, 1));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> session.classify(ROWS, x.duplicate().position(1), classes, 0));
        assertThrows(IllegalArgumentException.class, () -> session.classify(ROWS + 1, x, classes, 0));
        assertArrayEquals(new int[ROWS], classes);
        assertThrows(
                ReadOnlyBufferException.class,
                () -> session.logits(
                        ROWS, x, FloatBuffer.allocate(ROWS * OUTPUTS).asReadOnlyBuffer()));
    }

    @Test
    void logitsAreWhatTheHeadStartsFrom() {
        final float[] y = new float[ROWS * OUTPUTS];
        session().logits(ROWS, X, 0, y, 0);
        KERNELS.softmax(ROWS, OUTPUTS, y, 0, OUTPUTS, y, 0, OUTPUTS, KERNELS.scratchpad(0, 0, 0));
        assertArrayEquals(expected(), y);
    }

    @Test
    void moreRowsThanABlock() {
        final int rows = 1500; // blocks have 512 rows at most
        final float[] x = RandomArrays.floats(41, rows * INPUTS, 2);
        final InferenceSession large =
                Predictor.of(Nets.classifier(Activation.TANH), KERNELS).session(rows);
        final InferenceSession small =
                Predictor.of(Nets.classifier(Activation.TANH), KERNELS).session(1);
        final float[] y = new float[rows * OUTPUTS];
        final float[] logits = new float[rows * OUTPUTS];
        final int[] classes = new int[rows];
        final int[] top = new int[rows * 2];
        final float[] scores = new float[rows * 2];
        final int[] classesOfBuffer = new int[rows];
        final FloatBuffer buffer = direct(rows * OUTPUTS, ByteOrder.nativeOrder());
        large.run(rows, x, 0, y, 0);
        large.logits(rows, x, 0, logits, 0);
        large.classify(rows, x, 0, classes, 0);
        large.topK(rows, 2, x, 0, top, 0, scores, 0);
        large.run(rows, direct(rows * INPUTS, ByteOrder.nativeOrder()).put(0, x), buffer);
        large.classify(rows, direct(rows * INPUTS, ByteOrder.nativeOrder()).put(0, x), classesOfBuffer, 0);
        assertArrayEquals(classes, classesOfBuffer);
        final float[] one = new float[OUTPUTS];
        for (int i = 0; i < rows; i++) {
            small.run(1, x, i * INPUTS, one, 0);
            assertArrayEquals(one, Arrays.copyOfRange(y, i * OUTPUTS, (i + 1) * OUTPUTS));
            assertEquals(one[top[2 * i]], scores[2 * i]);
            assertEquals(one[top[2 * i + 1]], scores[2 * i + 1]);
            assertEquals(classes[i], top[2 * i]);
            assertEquals(one[1], buffer.get(i * OUTPUTS + 1));
            small.logits(1, x, i * INPUTS, one, 0);
            assertArrayEquals(one, Arrays.copyOfRange(logits, i * OUTPUTS, (i + 1) * OUTPUTS));
        }
    }

    /** A network whose logits are its inputs. */
    private static Predictor identity(final int n) {
        final float[] values = new float[n * n + n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return Predictor.of(Model.of(Parameters.of(Mlp.inputs(n).dense(n).softmax(), values)), KERNELS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 12})
    void topKIsTheStartOfAStableSort(final int k) {
        final int n = 12;
        final InferenceSession session = identity(n).session(1);
        for (int seed = 0; seed < 50; seed++) {
            final int[] picks = RandomArrays.ints(seed, n, 6);
            final float[] x = new float[n];
            for (int j = 0; j < n; j++) {
                x[j] = picks[j] - 3; // many are equal
            }
            final List<Integer> sorted =
                    new ArrayList<>(IntStream.range(0, n).boxed().toList());
            sorted.sort(Comparator.comparingDouble((Integer j) -> -x[j]));
            final int[] classes = new int[k + 2];
            final float[] scores = new float[k + 2];
            session.topK(1, k, x, 0, classes, 1, scores, 1);
            final float[] p = new float[n];
            session.run(1, x, 0, p, 0);
            for (int i = 0; i < k; i++) {
                assertEquals(sorted.get(i), classes[1 + i]);
                assertEquals(p[classes[1 + i]], scores[1 + i]);
            }
            assertEquals(0, scores[0] + scores[k + 1]);
        }
    }

    @Test
    void topKPutsNaNFirst() {
        final float[] x = {1, Float.NEGATIVE_INFINITY, Float.NaN, 7, Float.NaN};
        final int[] classes = new int[5];
        TopK.of(5, x, 0, 5, classes, 0);
        assertArrayEquals(new int[] {2, 4, 3, 0, 1}, classes);
    }

    @Test
    void topKRefusals() {
        final InferenceSession session = session();
        final int[] classes = {9, 9};
        final float[] scores = {9, 9};
        for (final int k : new int[] {0, -1, 4}) {
            assertEquals(
                    "expected a k of 1 to 3 outputs, got " + k,
                    assertThrows(IllegalArgumentException.class, () -> session.topK(1, k, X, 0, classes, 0, scores, 0))
                            .getMessage());
        }
        assertThrows(IndexOutOfBoundsException.class, () -> session.topK(2, 2, X, 0, classes, 0, scores, 0));
        assertArrayEquals(new int[] {9, 9}, classes);
    }

    @Test
    void theBestOfARowByName() {
        final Predictor predictor = Predictor.of(
                Nets.classifier(Activation.RELU)
                        .withNames(List.of("a", "b", "c", "d", "e"), List.of("red", "green", "blue"), "colour"),
                KERNELS);
        final float[] row = Arrays.copyOf(X, INPUTS);
        final float[] p = predictor.predict(row);
        final List<Predictor.Ranked> top = predictor.top(row, 2);
        final int best = predictor.classify(row);
        assertEquals(new Predictor.Ranked(best, List.of("red", "green", "blue").get(best), p[best]), top.getFirst());
        assertTrue(top.get(1).score() <= top.getFirst().score());
        assertThrows(IllegalArgumentException.class, () -> predictor.top(row, 0));
        assertThrows(IllegalArgumentException.class, () -> predictor.top(row, -1));
        assertThrows(IllegalArgumentException.class, () -> predictor.top(row, Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> predictor.top(X, 1));
    }

    @Test
    void oneProbabilityIsThatOfClassOne() {
        final Model model = Model.of(Parameters.of(Mlp.inputs(1).dense(1).sigmoid(), new float[] {1, 0}));
        final Predictor predictor = Predictor.of(model, KERNELS);
        assertArrayEquals(new int[] {1, 0, 0, 1, 0}, predictor.classifyAll(new float[] {0.1f, 0, -0.1f, 9, Float.NaN}));
        assertEquals(0.5f, predictor.predict(new float[] {0})[0]);
    }

    /** Very wide networks go through in small blocks: no memory beyond that, no overflow. */
    @Test
    void wideNetworksNeedLittleMemory() {
        final int wide = 1 << 20;
        final Mlp mlp = Mlp.inputs(1).dense(wide).layerNorm().dense(1).linear();
        final Predictor predictor = Predictor.of(Model.of(Parameters.random(mlp, 1)), KERNELS);
        try (ThreadTeam team = ThreadTeam.of(16)) {
            final float[] y = new float[20];
            predictor.session(100_000, team).run(20, new float[20], 0, y, 0);
            assertEquals(predictor.predict(new float[1])[0], y[19]);
        }
    }

    @Test
    void closedTeamsAreRefused() {
        final Predictor predictor = Predictor.of(Nets.classifier(Activation.RELU), ReferenceKernels.INSTANCE);
        final ThreadTeam team = ThreadTeam.of(2);
        team.close();
        final String message = "the team is closed: make another with ThreadTeam.of";
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> predictor.session(1, team))
                        .getMessage());
        final TrainingSessionBuilder training = TrainingSession.of(
                        predictor.model().parameters())
                .kernels(ReferenceKernels.INSTANCE)
                .team(team);
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, training::build).getMessage());
    }

    @Test
    void warmUpEndsByItself() {
        final WarmUp warmUp = session().warmUp(Duration.ofSeconds(Long.MAX_VALUE));
        assertTrue(warmUp.calls() > 100, warmUp.toString());
        assertTrue(warmUp.lastNanos() > 0, warmUp.toString());
        assertTrue(warmUp.duration().compareTo(Duration.ofSeconds(20)) < 0, warmUp.toString());
        assertTrue(warmUp.isCompiled(), "scalar code allocates nothing: " + warmUp);
    }

    @Test
    void warmUpDoesNotTakeLongerThanItMay() {
        final Mlp wide = Mlp.inputs(300).dense(300).linear();
        final InferenceSession session =
                Predictor.of(Model.of(Parameters.random(wide, 1)), KERNELS).session(64);
        final WarmUp warmUp = session.warmUp(Duration.ofMillis(1));
        assertTrue(warmUp.duration().toMillis() < 2_000, warmUp.toString()); // one round
    }
}
