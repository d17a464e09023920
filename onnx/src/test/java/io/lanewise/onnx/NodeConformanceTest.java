package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The evaluator gives what ONNX's own tests of operators expect, and docs/onnx-conformance.md says how many there are.
 * The tests are those of Debian's package libonnx-testdata, or of the folder that {@value #PROPERTY} names.
 */
final class NodeConformanceTest {
    private static final String PROPERTY = "lanewise.onnx.testdata";
    private static final Path DEBIAN = Path.of("/usr/share/libonnx-testdata/data/node");
    private static final Path PAGE = Path.of("..", "docs", "onnx-conformance.md");

    private static List<NodeCase> cases() throws IOException {
        final Path folder = Path.of(System.getProperty(PROPERTY, DEBIAN.toString()));
        assumeTrue(
                Files.isDirectory(folder),
                () -> "no tests of ONNX in " + folder + ": apt-get install libonnx-testdata, or set -D" + PROPERTY);
        return NodeCase.all(folder).stream()
                .filter(NodeCase::isOfKnownOperators)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> operators() throws IOException {
        return cases().stream()
                .map(test -> dynamicTest(test.name(), () -> {
                    if (OutOfScope.reason(test).isEmpty()) {
                        test.run();
                    } else {
                        assertThrows(Throwable.class, test::run, "no longer out of scope: " + test.name());
                    }
                }));
    }

    @Test
    void pageIsRight() throws IOException {
        assumeTrue(System.getProperty(PROPERTY) == null, "the page is about Debian's tests");
        final Map<String, List<NodeCase>> byOperator =
                cases().stream().collect(Collectors.groupingBy(NodeCase::operator, TreeMap::new, Collectors.toList()));
        final List<String> expected = byOperator.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
        final List<String> page = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| [A-Zs]\\S+( nodes)? \\|.*") && !line.startsWith("| operator"))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", page));
        assertTrue(OutOfScope.names().stream().allMatch(name -> isCase(byOperator, name)), "there are no such cases");
    }

    private static boolean isCase(final Map<String, List<NodeCase>> byOperator, final String name) {
        return byOperator.values().stream()
                .flatMap(List::stream)
                .anyMatch(test -> test.name().equals(name));
    }

    /** A line of the table: the operator, the opsets of its tests, how many pass, and which do not and why. */
    private static String line(final String operator, final List<NodeCase> cases) {
        final String opsets = cases.stream()
                .map(NodeCase::opset)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        final Map<String, Long> reasons = cases.stream()
                .map(OutOfScope::reason)
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        final long passed =
                cases.stream().filter(test -> OutOfScope.reason(test).isEmpty()).count();
        final String others = reasons.entrySet().stream()
                .map(entry -> entry.getValue() + ": " + entry.getKey())
                .collect(Collectors.joining("; "));
        return "| " + operator + " | " + opsets + " | " + passed + " | " + others + " |";
    }
}
