package io.lanewise.bench.inference.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.OutputsFirst;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.inference.Contestant;
import io.lanewise.bench.inference.Workload;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import java.util.Arrays;

/**
 * PyTorch by the Deep Java Library. Layers are DJL's own functions on arrays without gradients: its blocks and
 * translators would add to each call.
 */
public final class PyTorch implements Contestant {
    @Override
    public String name() {
        return "PyTorch";
    }

    @Override
    public Role role() {
        return Role.OTHER;
    }

    @Override
    public String open(final int threads) {
        System.setProperty("ai.djl.offline", "true"); // it otherwise looks for newer files, and reports its use
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // it has no logger here, and need not say so
        final Engine engine = Engine.getEngine("PyTorch");
        JniUtils.setNumThreads(threads);
        JniUtils.setNumInteropThreads(1);
        if (JniUtils.getNumThreads() != threads) {
            throw new IllegalStateException(
                    "expected " + threads + " threads, but it uses " + JniUtils.getNumThreads());
        }
        return engine.getVersion() + " by DJL " + Engine.getDjlVersion();
    }

    @Override
    public Job prepare(final Workload workload) {
        return new Layers(workload);
    }

    private static final class Layers implements Job {
        private final NDManager manager = NDManager.newBaseManager("PyTorch");
        private final NDArray x; // (batch, inputs)
        private final NDArray[] weights; // one per layer, (outputs, inputs)
        private final NDArray[] biases; // one per layer, (outputs)
        private final boolean softmax;
        private NDArray y; // (batch, outputs)

        Layers(final Workload workload) {
            final Mlp mlp = workload.model().mlp();
            final float[] parameters =
                    OutputsFirst.of(mlp, workload.model().parameters().toArray());
            final int count = mlp.layers().size();
            x = manager.create(workload.x(), new Shape(workload.inference().batch(), mlp.inputs()));
            y = manager.create(0f);
            weights = new NDArray[count];
            biases = new NDArray[count];
            softmax = mlp.head() == Head.SOFTMAX;
            for (int i = 0; i < count; i++) {
                final Dense layer = (Dense) mlp.layers().get(i); // what a case describes has no others
                final int bias = mlp.biasOffset(i);
                weights[i] = manager.create(
                        Arrays.copyOfRange(parameters, mlp.parameterOffset(i), bias),
                        new Shape(layer.outputs(), layer.inputs()));
                biases[i] = manager.create(Arrays.copyOfRange(parameters, bias, bias + layer.outputs()));
            }
        }

        @Override
        public void run(final int calls) {
            for (int call = 0; call < calls; call++) {
                y.close();
                NDArray value = Linear.linear(x, weights[0], biases[0]).head();
                for (int i = 1; i < weights.length; i++) {
                    final NDArray relu = Activation.relu(value);
                    value.close();
                    value = Linear.linear(relu, weights[i], biases[i]).head();
                    relu.close();
                }
                if (softmax) {
                    y = value.softmax(-1);
                    value.close();
                } else {
                    y = value;
                }
            }
        }

        @Override
        public float[] result() {
            return y.toFloatArray();
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
