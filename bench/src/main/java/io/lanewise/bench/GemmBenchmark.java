package io.lanewise.bench;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One product, packed on the fly and packed beforehand. The time of a shape gives GFLOP/s as 2·m·n·k / time.
 *
 * <p>{@code ./lanewise bench Gemm -p shape=512x512x512}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class GemmBenchmark {
    /** m × n × k. */
    @Param({"1x256x784", "32x256x784", "128x256x784", "384x384x384"})
    public String shape = "";

    private final Kernels kernels = Backends.best();
    private int m;
    private int n;
    private int k;
    private float[] a = {}; // (m, k)
    private float[] b = {}; // (k, n)
    private float[] c = {}; // (m, n)
    private PackedMatrix packed = kernels.pack(0, 0, b, 0, 0);
    private Scratchpad scratchpad = kernels.scratchpad(0, 0, 0);

    /** Makes the operands. */
    @Setup
    public void prepare() {
        final String[] sizes = shape.split("x", -1);
        m = Integer.parseInt(sizes[0]);
        n = Integer.parseInt(sizes[1]);
        k = Integer.parseInt(sizes[2]);
        a = numbers(m * k);
        b = numbers(k * n);
        c = new float[m * n];
        packed = kernels.pack(k, n, b, 0, n);
        scratchpad = kernels.scratchpad(m, n, k);
    }

    private static float[] numbers(final int count) {
        final float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (i * 31 % 97 - 48) / 48f;
        }
        return numbers;
    }

    /** B is packed by each call. */
    @Benchmark
    public float[] onTheFly() {
        kernels.gemm(Gemm.AB, m, n, k, a, 0, k, b, 0, n, null, 0, c, 0, n, scratchpad);
        return c;
    }

    /** B was packed beforehand, as a model's weights are. */
    @Benchmark
    public float[] prepacked() {
        kernels.gemm(Gemm.AB, m, a, 0, k, packed, null, 0, c, 0, n, scratchpad);
        return c;
    }
}
