package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The command, here and in virtual machines that compute in other ways: all have to give the same bits. */
final class VerifyBitsTest {
    private static final String LAST = "verify-bits: ([0-9]+) of \\1 items agree, total [0-9a-f]{16}";

    private static String last(final String out) {
        final String[] lines = out.split("\n", -1);
        return lines[lines.length - 2];
    }

    private static String[] hashes() throws IOException {
        try (var in = VerifyBitsTest.class.getResourceAsStream("/io/lanewise/verify/expected-hashes.txt")) {
            assertNotNull(in);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
        }
    }

    @Test
    void everythingAgreesHere(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("bits.json");
        final Run run = Run.of("verify-bits", "--json", file, "--threads", 2).ok();
        assertTrue(last(run.out()).matches(LAST), run.out());
        final int items = hashes().length - 1;
        assertTrue(last(run.out()).startsWith("verify-bits: " + items + " of "), run.out());
        final List<String> strings = new ArrayList<>();
        int objects = 0;
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), Files.readString(file))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                objects += token == JsonToken.START_OBJECT ? 1 : 0;
                if (token == JsonToken.VALUE_STRING) {
                    strings.add(json.getString());
                }
            }
        }
        assertEquals(1 + items, objects);
        assertTrue(strings.contains("training/adam-dropout"), strings::toString);
        assertTrue(run.out().endsWith(strings.getLast() + "\n"), "the total ends both: " + strings.getLast());
    }

    @Test
    void theListIsTheFileOfHashes() throws IOException {
        final Run run = Run.of("verify-bits", "--list").ok();
        assertEquals(String.join("\n", hashes()), run.out().replaceAll(" +", " "));
    }

    @Test
    void someItemsAreChosenByTheirBeginning() {
        final Run unknown = Run.of("verify-bits", "rows/soft", "optimizer");
        assertEquals(Main.USER_ERROR, unknown.status());
        assertTrue(unknown.err().startsWith("lanewise: no item is called 'rows/soft'"), unknown.err());
        final Run chosen = Run.of("verify-bits", "rows/softmax", "optimizer").ok();
        assertTrue(last(chosen.out()).startsWith("verify-bits: 8 of 8 items agree"), chosen.out());
    }

    @Test
    void hashesAreWrittenByTheScalarReferenceOnly(@TempDir final Path folder) {
        final Run run = Run.of("verify-bits", "random", "--write-hashes", folder.resolve("hashes"));
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().contains("-Dlanewise.kernels=scalar"), run.err());
    }

    @Test
    void wrongThreadsAreRefused() {
        Run.of("verify-bits", "--threads", 0).refused("expected 1 to 1024 threads, got 0");
    }

    /** What any machine can do: widths, compilers, garbage collectors, threads. */
    @ParameterizedTest
    @CsvSource({
        "-Dlanewise.simd.width=256, 3, ''",
        "-XX:MaxVectorSize=16, 7, ''",
        "-Dlanewise.kernels=scalar, 2, ''",
        "-XX:TieredStopAtLevel=1, 1, ''",
        "-XX:TieredStopAtLevel=1 -Dlanewise.kernels=simd, 1, rows optimizer random training/run",
        "-Xint, 1, rows norm loss optimizer random inference/norms-log-softmax training/run",
        "-Xint -Dlanewise.kernels=simd, 1, rows/softmax random/dropout-mask optimizer/adam gemm/epilogue/gelu",
        "-XX:-TieredCompilation, 1, gemm/ab rows training/adam-dropout",
        "-XX:+UseZGC, 3, inference training",
        "-XX:+UseParallelGC, 3, inference training",
        "-XX:+UseSerialGC, 3, inference training",
    })
    void everythingAgreesOn(final String flags, final int threads, final String items) throws Exception {
        final List<String> arguments = new ArrayList<>(List.of(flags.split(" ", -1)));
        arguments.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "verify-bits",
                "--threads",
                Integer.toString(threads)));
        if (!items.isEmpty()) {
            arguments.addAll(List.of(items.split(" ", -1)));
        }
        final Child child = Child.run(arguments);
        assertEquals(Main.OK, child.status(), child.toString());
        assertTrue(last(child.out()).matches(LAST), child.out());
        final boolean scalar =
                flags.contains("scalar") || (flags.matches(".*(Xint|StopAtLevel).*") && !flags.contains("simd"));
        assertTrue(child.out().contains("kernels " + (scalar ? "scalar" : "simd-")), child.out());
    }
}
