package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.lanewise.reference.ScalarMath;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The vector functions give the bits of the scalar ones, at whatever width the tests run. */
@Tag("vector")
final class VectorMathTest {

    private static final int LENGTH = 4096;
    private static final int BLOCKS = 1024;

    /** Odd and close to 2^32 / (LENGTH * BLOCKS): samples of all magnitudes and all low bits. */
    private static final int STRIDE = 1021;

    private static final float[] SPECIALS = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -0.5f,
        2f / 3f,
        4f / 3f,
        10f,
        -10f,
        89f,
        104f,
        -104f,
        88.72283f,
        88.72284f,
        -87.33654f,
        -87.33655f,
        -103.97208f,
        -103.97209f,
        17.3f,
        -16.6f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(0xffc00001),
        Float.intBitsToFloat(0x7f800001)
    };

    private interface Sweep {
        void run(float[] in, float[] out);
    }

    private interface Function {
        float apply(float x);
    }

    @Test
    void expHasTheBitsOfTheReference() {
        assertSameBits(ScalarMath::exp, VectorMathTest::exp, -104f, 89f);
    }

    @Test
    void logHasTheBitsOfTheReference() {
        assertSameBits(ScalarMath::log, VectorMathTest::log, 0.5f, 1.5f);
    }

    @Test
    void sigmoidHasTheBitsOfTheReference() {
        assertSameBits(ScalarMath::sigmoid, VectorMathTest::sigmoid, -104f, 18f);
    }

    @Test
    void tanhHasTheBitsOfTheReference() {
        assertSameBits(ScalarMath::tanh, VectorMathTest::tanh, -10f, 10f);
    }

    @Test
    void allocatesNothingOnceCompiled() {
        assertAllocatesNothing(VectorMathTest::exp);
        assertAllocatesNothing(VectorMathTest::log);
        assertAllocatesNothing(VectorMathTest::sigmoid);
        assertAllocatesNothing(VectorMathTest::tanh);
    }

    /**
     * On floats of all magnitudes, and on some spread evenly where a coefficient's last bit shows.
     */
    private static void assertSameBits(final Function scalar, final Sweep vector, final float from, final float to) {
        final float step = (to - from) / (BLOCKS * LENGTH);
        final float[] in = new float[LENGTH];
        for (int block = 0; block < BLOCKS; block++) {
            for (int i = 0; i < LENGTH; i++) {
                in[i] = Float.intBitsToFloat((block * LENGTH + i) * STRIDE);
            }
            // Among ordinary neighbours, and in another lane each time.
            for (int i = 0; i < SPECIALS.length; i++) {
                in[(i * 33 + block) % LENGTH] = SPECIALS[i];
            }
            assertSameBits(scalar, vector, in);
            for (int i = 0; i < LENGTH; i++) {
                in[i] = from + (block * LENGTH + i) * step;
            }
            assertSameBits(scalar, vector, in);
        }
    }

    private static void assertSameBits(final Function scalar, final Sweep vector, final float[] in) {
        final float[] out = new float[LENGTH];
        vector.run(in, out);
        for (int i = 0; i < LENGTH; i++) {
            final float x = in[i];
            assertEquals(
                    Float.floatToIntBits(scalar.apply(x)),
                    Float.floatToIntBits(out[i]),
                    () -> "at " + Float.toHexString(x));
        }
    }

    /** A vector that is boxed costs bytes in every round; a compiler thread that is late, in some. */
    private static void assertAllocatesNothing(final Sweep vector) {
        final var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final float[] in = new float[LENGTH];
        final float[] out = new float[LENGTH];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 200 && least > 0; round++) {
            final long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                vector.run(in, out);
            }
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated");
    }

    private static void exp(final float[] in, final float[] out) {
        VectorMath.exp(out.length, in, 0, 0f, out, 0);
    }

    private static void log(final float[] in, final float[] out) {
        VectorMath.log(out.length, in, 0, out, 0);
    }

    private static void sigmoid(final float[] in, final float[] out) {
        VectorMath.sigmoid(out.length, in, 0, out, 0);
    }

    private static void tanh(final float[] in, final float[] out) {
        VectorMath.tanh(out.length, in, 0, out, 0);
    }
}
