package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.inference.Predictor;
import io.lanewise.inference.WarmUp;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warm-up without the time for a whole round does not say that vector kernels are compiled. */
@Tag("vector")
final class ShortWarmUpTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void nothingIsCompiledAtOnce() throws Exception {
        expectNothingCompiled("-Xmixed");
    }

    @Test
    void nothingIsEverCompiledByTheInterpreter() throws Exception {
        expectNothingCompiled("-Xint");
    }

    private void expectNothingCompiled(final String flag) throws Exception {
        final ChildJvm child =
                ChildJvm.run(folder, WarmUps.class, ChildJvm.VECTOR_MODULE, "-Dlanewise.kernels=simd", flag);
        assertEquals(List.of("0 ms: false", "1 ms: false", "40 ms: false"), child.output(), child::toString);
    }

    /** The main class of a child. */
    static final class WarmUps {
        private WarmUps() {}

        public static void main(final String[] arguments) {
            final Mlp mlp = Mlp.inputs(784)
                    .dense(512, Activation.RELU)
                    .dense(256, Activation.RELU)
                    .dense(10)
                    .softmax();
            final Parameters parameters = Parameters.of(mlp, new float[mlp.parameterCount()]);
            final Predictor predictor = Predictor.of(Model.of(parameters));
            for (final int millis : new int[] {0, 1, 40}) {
                final WarmUp warmUp = predictor.session(64).warmUp(Duration.ofMillis(millis));
                System.out.println(millis + " ms: " + warmUp.isCompiled());
                System.err.println(warmUp);
            }
        }
    }
}
