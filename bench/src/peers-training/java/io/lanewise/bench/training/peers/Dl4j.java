package io.lanewise.bench.training.peers;

import io.lanewise.bench.contest.OutputsFirst;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Versions;
import io.lanewise.bench.training.Contestant;
import io.lanewise.bench.training.Training;
import io.lanewise.bench.training.Workload;
import io.lanewise.mlp.Mlp;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j on its CPU backend: a {@link MultiLayerNetwork} that fits one batch at a time. */
public final class Dl4j implements Contestant {
    @Override
    public String name() {
        return "DL4J";
    }

    @Override
    public Role role() {
        return Role.OTHER;
    }

    @Override
    public String open(final int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getMemoryManager().togglePeriodicGc(false); // it otherwise calls System.gc() every few seconds
        return Versions.of("org.deeplearning4j", "deeplearning4j-nn") + ", nd4j-native with OpenBLAS";
    }

    @Override
    public Training prepare(final Workload workload, final float learningRate) {
        return new Fits(workload, learningRate);
    }

    private static final class Fits implements Training {
        private final Mlp mlp;
        private final MultiLayerNetwork network;
        private final INDArray x; // (batch, inputs)
        private final INDArray labels; // (batch, outputs), one-hot

        Fits(final Workload workload, final float learningRate) {
            mlp = workload.initial().mlp();
            network = new MultiLayerNetwork(configuration(
                    mlp,
                    switch (workload.problem().method()) {
                        case SGD -> new Sgd(learningRate);
                        case ADAM -> new Adam(learningRate);
                    }));
            network.init();
            final float[] initial =
                    OutputsFirst.of(mlp, workload.initial().toArray()); // weights in column-major order are the same
            network.setParams(Nd4j.create(initial, 1, initial.length));
            final int batch = workload.problem().batch();
            x = Nd4j.create(workload.x(), new long[] {batch, mlp.inputs()}, 'c');
            labels = Nd4j.zeros(batch, mlp.outputs());
            for (int row = 0; row < batch; row++) {
                labels.putScalar(row, workload.labels()[row], 1);
            }
        }

        private static MultiLayerConfiguration configuration(final Mlp mlp, final IUpdater updater) {
            final NeuralNetConfiguration.ListBuilder layers =
                    new NeuralNetConfiguration.Builder().updater(updater).list();
            int inputs = mlp.inputs();
            final int last = mlp.layers().size() - 1;
            for (int i = 0; i < last; i++) {
                final int outputs = mlp.layers().get(i).outputs();
                layers.layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(outputs)
                        .activation(Activation.RELU)
                        .build());
                inputs = outputs;
            }
            return layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                            .nIn(inputs)
                            .nOut(mlp.outputs())
                            .activation(Activation.SOFTMAX)
                            .build())
                    .build();
        }

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                network.fit(x, labels);
            }
        }

        @Override
        public double loss() {
            return network.score();
        }

        @Override
        public float[] result() {
            return OutputsFirst.undo(mlp, network.params().toFloatVector());
        }

        @Override
        public void close() {
            network.close();
            x.close();
            labels.close();
        }
    }
}
