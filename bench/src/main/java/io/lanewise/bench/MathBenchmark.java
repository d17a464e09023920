package io.lanewise.bench;

import io.lanewise.bench.math.VectorApi;
import io.lanewise.simd.OpenVectorMath;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per element of the functions on arrays in the first-level cache, and of the Vector API's own, which the
 * JVM takes from a library where it has one (SVML on x86) and which give other bits elsewhere.
 *
 * <p>Before C2 has compiled the longest loops they take thousands of times as long: the warm-up is for that.
 *
 * <p>{@code ./lanewise bench Math -p function=EXP}; {@code ./lanewise bench math} compares all in a minute or two.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 3, time = 1)
@OperationsPerInvocation(MathBenchmark.LENGTH)
public class MathBenchmark {
    static final int LENGTH = 4096;

    private static final VectorSpecies<Float> FLOATS = OpenVectorMath.FLOATS;

    /** The elements. */
    @State(Scope.Thread)
    public static class Arrays {
        final float[] x = new float[LENGTH];
        final float[] y = new float[LENGTH];

        /** Numbers of 0.01 to 4, so that log has no easy case; no call writes x. */
        @Setup
        public void prepare() {
            for (int i = 0; i < LENGTH; i++) {
                x[i] = 0.01f + (i * 31 % LENGTH) * (3.99f / LENGTH);
            }
        }
    }

    /** Which of our functions. */
    @State(Scope.Thread)
    public static class Ours {
        /** One of them. */
        @Param
        public OpenVectorMath.Function function = OpenVectorMath.Function.EXP;
    }

    /** Which of the Vector API's. */
    @State(Scope.Thread)
    public static class Theirs {
        /** One that it has. */
        @Param({"EXP", "EXPM1", "LOG", "LOG1P", "SIGMOID", "TANH", "ELU", "SOFTPLUS", "SILU", "GELU_TANH"})
        public OpenVectorMath.Function function = OpenVectorMath.Function.EXP;

        OpenVectorMath.Loop loop = OpenVectorMath.Function.EXP;

        /** Finds it. */
        @Setup
        public void prepare() {
            loop = VectorApi.of(function).orElseThrow();
        }
    }

    /** The floor: one load and one store. */
    @Benchmark
    public float[] copy(final Arrays arrays) {
        for (int i = 0; i < LENGTH; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, arrays.x, i).intoArray(arrays.y, i);
        }
        return arrays.y;
    }

    /** Ours. */
    @Benchmark
    public float[] lanewise(final Arrays arrays, final Ours ours) {
        ours.function.run(arrays.x, arrays.y);
        return arrays.y;
    }

    /** What the Vector API's own functions give. */
    @Benchmark
    public float[] vectorApi(final Arrays arrays, final Theirs theirs) {
        theirs.loop.run(arrays.x, arrays.y);
        return arrays.y;
    }
}
