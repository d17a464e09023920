package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        3f,
        -3f,
        6f,
        -14.3f,
        -10.2f,
        1.0986123f,
        -1.0986123f,
        Math.nextDown(-1f),
        Math.nextUp(-1f),
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

    /** On floats of all magnitudes, and on some spread evenly where a coefficient's last bit shows. */
    @ParameterizedTest
    @EnumSource
    void hasTheBitsOfTheReference(final VectorFunction function) {
        final float step = (function.to - function.from) / (BLOCKS * LENGTH);
        final float[] in = new float[LENGTH];
        for (int block = 0; block < BLOCKS; block++) {
            for (int i = 0; i < LENGTH; i++) {
                in[i] = Float.intBitsToFloat((block * LENGTH + i) * STRIDE);
            }
            // Among ordinary neighbours, and in another lane each time.
            for (int i = 0; i < SPECIALS.length; i++) {
                in[(i * 33 + block) % LENGTH] = SPECIALS[i];
            }
            assertSameBits(function, in);
            for (int i = 0; i < LENGTH; i++) {
                in[i] = function.from + (block * LENGTH + i) * step;
            }
            assertSameBits(function, in);
        }
    }

    private static void assertSameBits(final VectorFunction function, final float[] in) {
        final float[] out = new float[LENGTH];
        function.vector(in, out);
        for (int i = 0; i < LENGTH; i++) {
            final float x = in[i];
            assertEquals(
                    Float.floatToIntBits(function.scalar(x)),
                    Float.floatToIntBits(out[i]),
                    () -> "at " + Float.toHexString(x));
        }
    }

    /** A vector that is boxed costs bytes in every round; a compiler thread that is late, in some. */
    @ParameterizedTest
    @EnumSource
    void allocatesNothingOnceCompiled(final VectorFunction function) {
        final var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final float[] in = new float[LENGTH];
        final float[] out = new float[LENGTH];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 200 && least > 0; round++) {
            final long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                function.vector(in, out);
            }
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated");
    }
}
