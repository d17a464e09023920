package io.lanewise.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the CPU and the calling thread do with floating-point numbers.
 *
 * <p>Java always keeps denormal numbers. But native code in the same process can switch a thread to flush them to zero
 * (a library that was compiled with {@code -ffast-math}, or one that wants to be fast), and leave it so when it returns;
 * then results of Java code on this thread differ too.
 */
public final class FloatingPoint {
    // Not final, so that no compiler computes with them beforehand.
    private static float smallestNormal = Float.MIN_NORMAL;
    private static float smallest = Float.MIN_VALUE;
    private static float half = 0.5f;
    private static float twoTo24 = 0x1p24f;

    private static final boolean FUSED_MULTIPLY_ADD = hasFusedMultiplyAdd();

    private FloatingPoint() {}

    /**
     * Whether the calling thread keeps denormal numbers, as results and as operands. Takes some nanoseconds and
     * allocates nothing.
     */
    public static boolean keepsDenormals() {
        // By bits: a thread that takes denormal operands for zero would also find a denormal number equal to 0.
        return Float.floatToRawIntBits(smallestNormal * half) == Float.floatToRawIntBits(0x1p-127f)
                && Float.floatToRawIntBits(smallest * twoTo24) == Float.floatToRawIntBits(0x1p-125f);
    }

    /**
     * Checks that the calling thread keeps denormal numbers.
     *
     * @throws IllegalStateException if it flushes them to zero
     */
    public static void requireDenormals() {
        if (!keepsDenormals()) {
            throw new IllegalStateException(
                    "the thread '" + Thread.currentThread().getName()
                            + "' flushes denormal numbers to zero, which changes results: native code in this process"
                            + " has switched that on; compute on a thread that does not call it, or have it restore"
                            + " the thread's floating-point mode");
        }
    }

    /**
     * Whether {@link Math#fma} is one instruction, as far as the virtual machine tells. Without it, it gives the same
     * results thousands of times slower.
     */
    public static boolean isFmaFast() {
        return FUSED_MULTIPLY_ADD;
    }

    private static boolean hasFusedMultiplyAdd() {
        try {
            final HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return flags == null || !flags.getVMOption("UseFMA").getValue().equals("false");
        } catch (final IllegalArgumentException | LinkageError e) {
            return true; // another virtual machine, or an image without the module: nothing speaks against it
        }
    }
}
