package io.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flush-to-zero is noticed on the thread that has it, and refused where that was asked for. */
final class FloatingPointTest {
    /**
     * Switches its main thread to flush-to-zero by the C library, then asks for everything. It is compiled by the child,
     * since Java 21, for which the tests are compiled, has foreign functions as a preview only.
     */
    private static final String PROGRAM = """
        import io.lanewise.inference.*;
        import io.lanewise.kernel.*;
        import io.lanewise.mlp.*;
        import io.lanewise.training.*;
        import java.lang.foreign.*;
        import java.lang.invoke.MethodHandle;

        public class Flush {
            static void refused(String what, Runnable call) {
                try {
                    call.run();
                    System.out.println(what + " ran");
                } catch (IllegalStateException e) {
                    System.out.println(what + ": " + e.getMessage().split(",")[0]);
                }
            }

            public static void main(String[] arguments) throws Throwable {
                Linker linker = Linker.nativeLinker();
                SymbolLookup library = SymbolLookup.libraryLookup("libm.so.6", Arena.global());
                FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
                MethodHandle get = linker.downcallHandle(library.find("fegetenv").orElseThrow(), type);
                MethodHandle set = linker.downcallHandle(library.find("fesetenv").orElseThrow(), type);
                Mlp mlp = Mlp.inputs(2).dense(3).softmax();
                Parameters parameters = Parameters.random(mlp, 1);
                Predictor lenient = Predictor.of(Model.of(parameters));
                Predictor strict = lenient.strict();
                InferenceSession session = strict.session(1);
                TrainingSession training = TrainingSession.of(parameters).strict(true).maxRows(1).build();
                Trainer trainer = Trainer.of(mlp, TrainingOptions.defaults()).strict(true);
                float[] x = new float[2];
                session.run(1, x, 0, new float[3], 0);
                System.out.println(FloatingPoint.keepsDenormals());
                // Seen by compiled code as well.
                for (int i = 0; i < 200_000; i++) {
                    FloatingPoint.requireDenormals();
                }
                MemorySegment environment = Arena.global().allocate(64, 16);
                get.invoke(environment);
                // fenv_t: on x86-64 the register MXCSR is its last word, on arm64 FPCR is its first.
                boolean arm = System.getProperty("os.arch").equals("aarch64");
                long at = arm ? 0 : 28;
                int flush = arm ? 1 << 24 : 1 << 15 | 1 << 6;
                int mode = environment.get(ValueLayout.JAVA_INT, at);
                environment.set(ValueLayout.JAVA_INT, at, mode | flush);
                set.invoke(environment);
                System.out.println(FloatingPoint.keepsDenormals());
                refused("session", () -> session.run(1, x, 0, new float[3], 0));
                refused("predictor", () -> strict.predict(x));
                refused("training", () -> training.step(1, x, 0, new int[1], 0));
                refused("trainer", () -> trainer.fit(Dataset.classification(2, 3, x, new int[1])));
                refused("lenient", () -> lenient.predict(x));
                Thread other = new Thread(() -> System.out.println("other " + FloatingPoint.keepsDenormals()));
                other.start();
                other.join();
                environment.set(ValueLayout.JAVA_INT, at, mode);
                set.invoke(environment);
                refused("afterwards", () -> session.run(1, x, 0, new float[3], 0));
            }
        }
        """;

    @Test
    void flushToZeroIsNoticed(@TempDir final Path folder) throws IOException, InterruptedException {
        assumeTrue(Runtime.version().feature() >= 22, "foreign functions are a preview before Java 22");
        assumeTrue(
                Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                        || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1")),
                "needs the GNU C library on x86-64 or arm64");
        final Path program = Files.writeString(folder.resolve("Flush.java"), PROGRAM);
        final Path out = folder.resolve("out");
        final int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.toString())
                .redirectError(folder.resolve("err").toFile())
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        final List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        assertEquals(0, status, Files.readString(folder.resolve("err")));
        final String reason = ": the thread 'main' flushes denormal numbers to zero";
        assertEquals(
                List.of(
                        "true",
                        "false",
                        "session" + reason,
                        "predictor" + reason,
                        "training" + reason,
                        "trainer" + reason,
                        "lenient ran",
                        "other true",
                        "afterwards ran"),
                lines);
    }

    @Test
    void javaKeepsDenormals() {
        assertTrue(FloatingPoint.keepsDenormals());
        assertDoesNotThrow(FloatingPoint::requireDenormals);
    }
}
