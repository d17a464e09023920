package io.lanewise.bench.training.peers;

import io.lanewise.bench.contest.OutputsFirst;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Versions;
import io.lanewise.bench.training.Contestant;
import io.lanewise.bench.training.Training;
import io.lanewise.bench.training.Workload;
import io.lanewise.mlp.Mlp;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch, PyTorch's C++ library, by bytedeco's binding: the loop of a C++ program, its products by OpenBLAS. Its backward
 * pass does not heed the number of threads that it is told, so OpenMP's variable, and the cores that the fork is kept on,
 * set it too.
 */
public final class LibTorch implements Contestant {
    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public Role role() {
        return Role.NATIVE;
    }

    @Override
    public String open(final int threads) {
        torch.set_num_threads(threads);
        torch.set_num_interop_threads(1);
        if (torch.get_num_threads() != threads) {
            throw new IllegalStateException("expected " + threads + " threads, but it uses " + torch.get_num_threads());
        }
        return Versions.of("org.bytedeco", "pytorch") + ", code for "
                + torch.get_cpu_capability().getString().toLowerCase(Locale.ROOT) + ", with OpenBLAS "
                + Versions.of("org.bytedeco", "openblas");
    }

    @Override
    public Training prepare(final Workload workload, final float learningRate) {
        return new Steps(workload, learningRate);
    }

    private static final class Steps implements Training {
        private final PointerScope memory = new PointerScope();
        private final Mlp mlp;
        private final LinearImpl[] layers;
        private final Optimizer optimizer;
        private final Tensor x; // (batch, inputs)
        private final Tensor labels; // (batch)
        private double loss;

        Steps(final Workload workload, final float learningRate) {
            mlp = workload.initial().mlp();
            final int batch = workload.problem().batch();
            final float[] initial = OutputsFirst.of(mlp, workload.initial().toArray());
            layers = new LinearImpl[mlp.layers().size()];
            final TensorVector parameters = new TensorVector();
            int inputs = mlp.inputs();
            for (int i = 0; i < layers.length; i++) {
                final int outputs = mlp.layers().get(i).outputs();
                final int bias = mlp.biasOffset(i);
                layers[i] = new LinearImpl(inputs, outputs);
                final Tensor weight = layers[i].weight(); // (outputs, inputs)
                weight.detach()
                        .copy_(Tensor.create(
                                Arrays.copyOfRange(initial, mlp.parameterOffset(i), bias), outputs, inputs));
                layers[i]
                        .bias()
                        .detach()
                        .copy_(Tensor.create(Arrays.copyOfRange(initial, bias, bias + outputs), outputs));
                parameters.push_back(weight);
                parameters.push_back(layers[i].bias());
                inputs = outputs;
            }
            optimizer = switch (workload.problem().method()) {
                case SGD -> new SGD(parameters, new SGDOptions(learningRate));
                case ADAM -> new Adam(parameters, new AdamOptions(learningRate));
            };
            x = Tensor.create(workload.x(), batch, mlp.inputs());
            labels = Tensor.create(
                    Arrays.stream(workload.labels()).asLongStream().toArray(), batch);
            memory.extend().close(); // no longer the innermost scope; the next close frees
        }

        @Override
        public void run(final int calls) {
            for (int call = 0; call < calls; call++) {
                final PointerScope temporaries = new PointerScope();
                try {
                    optimizer.zero_grad();
                    Tensor y = layers[0].forward(x);
                    for (int i = 1; i < layers.length; i++) {
                        y = layers[i].forward(torch.relu_(y));
                    }
                    final Tensor mean = torch.cross_entropy_loss(y, labels);
                    mean.backward();
                    optimizer.step();
                    if (call == calls - 1) {
                        loss = mean.item_float();
                    }
                } finally {
                    temporaries.close();
                }
            }
        }

        @Override
        public double loss() {
            return loss;
        }

        @Override
        public float[] result() {
            final float[] result = new float[mlp.parameterCount()];
            for (int i = 0; i < layers.length; i++) {
                read(layers[i].weight(), result, mlp.parameterOffset(i));
                read(layers[i].bias(), result, mlp.biasOffset(i));
            }
            return OutputsFirst.undo(mlp, result);
        }

        private static void read(final Tensor tensor, final float[] to, final int offset) {
            final FloatBuffer values = tensor.createBuffer();
            values.get(to, offset, values.remaining());
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
