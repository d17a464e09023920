package io.lanewise.bench.inference.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.inference.Contestant;
import io.lanewise.bench.inference.Workload;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime on the CPU, all its optimisations switched on, its threads spinning between two products, not between two calls. */
public final class OnnxRuntime implements Contestant {
    private int threads = 1;

    @Override
    public String name() {
        return "ONNX Runtime";
    }

    @Override
    public Role role() {
        return Role.NATIVE;
    }

    @Override
    public String open(final int maximum) {
        threads = maximum;
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR)
                .getVersion();
    }

    @Override
    public Job prepare(final Workload workload) throws OrtException {
        return new Session(workload, threads);
    }

    private static final class Session implements Job {
        private final OrtSession session;
        private final FloatBuffer y; // (batch, outputs)
        private final OnnxTensor input;
        private final OnnxTensor output;
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxTensor> outputs;

        Session(final Workload workload, final int threads) throws OrtException {
            final OrtEnvironment environment = OrtEnvironment.getEnvironment();
            final int batch = workload.inference().batch();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setInterOpNumThreads(1);
                options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
                // Its threads spin while it runs, but no longer: idle ones would take the core of the neighbour
                // whose turn it is, for as long as the session is open.
                options.addConfigEntry("session.force_spinning_stop", "1");
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                options.setSymbolicDimensionValue("batch", batch); // known beforehand, so that it may plan its memory
                session = open(environment, workload.model(), options);
            }
            final int rowsIn = workload.model().mlp().inputs();
            final int rowsOut = workload.model().mlp().outputs();
            final FloatBuffer x = direct(batch * rowsIn).put(workload.x()).rewind();
            y = direct(batch * rowsOut);
            input = OnnxTensor.createTensor(environment, x, new long[] {batch, rowsIn});
            output = OnnxTensor.createTensor(environment, y, new long[] {batch, rowsOut});
            inputs = Map.of("input", input);
            outputs = Map.of("output", output);
        }

        private static OrtSession open(
                final OrtEnvironment environment, final Model model, final OrtSession.SessionOptions options)
                throws OrtException {
            try {
                final Path file = Files.createTempFile("lanewise-bench", ".onnx");
                try {
                    Onnx.write(model, file);
                    return environment.createSession(file.toString(), options);
                } finally {
                    Files.delete(file);
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Memory that ONNX Runtime reads and writes in place. */
        private static FloatBuffer direct(final int count) {
            return ByteBuffer.allocateDirect(count * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @Override
        public void run(final int calls) {
            try {
                for (int i = 0; i < calls; i++) {
                    session.run(inputs, outputs).close();
                }
            } catch (final OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public float[] result() {
            final float[] result = new float[y.capacity()];
            y.get(0, result);
            return result;
        }

        @Override
        public void close() {
            input.close();
            output.close();
            try {
                session.close();
            } catch (final OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
