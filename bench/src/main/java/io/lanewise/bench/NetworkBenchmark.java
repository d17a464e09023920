package io.lanewise.bench;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backends;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.Optimizer;
import io.lanewise.training.TrainingSession;
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
 * A batch through 784 → 512 → 256 → 10, forward only and as a training step.
 *
 * <p>{@code ./lanewise bench Network -p batch=1 -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class NetworkBenchmark {
    private static final Mlp MLP = Mlp.inputs(784)
            .dense(512, Activation.RELU)
            .dense(256, Activation.RELU)
            .dense(10)
            .softmax();

    /** Rows. */
    @Param({"1", "32", "512"})
    public int batch;

    private final Parameters parameters = Parameters.random(MLP, 1);
    private float[] x = {}; // (batch, 784)
    private float[] y = {}; // (batch, 10)
    private int[] labels = {}; // (batch)
    private InferenceSession inference = Predictor.of(Model.of(parameters)).session(1);
    private TrainingSession training = new TrainingSession(parameters, Optimizer.adam(1e-3f), 1, Backends.best());

    /** Makes a batch. */
    @Setup
    public void prepare() {
        x = new float[batch * MLP.inputs()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i * 31 % 97) / 97f;
        }
        y = new float[batch * MLP.outputs()];
        labels = new int[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = i % MLP.outputs();
        }
        inference = Predictor.of(Model.of(parameters)).session(batch);
        training = new TrainingSession(parameters, Optimizer.adam(1e-3f), batch, Backends.best());
    }

    /** Probabilities of a batch. */
    @Benchmark
    public float[] infer() {
        inference.run(batch, x, 0, y, 0);
        return y;
    }

    /** Forward, backward and update with Adam. */
    @Benchmark
    public double train() {
        return training.step(batch, x, 0, labels, 0);
    }
}
