package io.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.bench.gemm.Problem.Product;
import io.lanewise.kernel.Gemm;
import io.lanewise.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
    @Test
    void readsShapes() {
        assertEquals(new Problem(Product.AB, 512, 256, 784), Problem.parse("512x256x784"));
        assertEquals(new Problem(Product.ABT, 1, 2, 3), Problem.parse(" 1X2x3:ABT "));
        assertEquals(
                List.of(new Problem(Product.ATB, 7, 8, 9), new Problem(Product.AB, 7, 8, 9)),
                Problem.parseList("7x8x9:atb,7x8x9:ab,7x8x9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8x8", "8x8x8x8", "8x-1x8", "8x8x8:aat", "0x8x8", "99999x99999x1", "9999999999x1x1"})
    void refusesOthers(final String text) {
        final IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Problem.parse(text));
        final String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("'" + text + "'"), message);
    }

    @Test
    void isWrittenAsItIsRead() {
        for (final Problem problem : Problems.all()) {
            assertEquals(problem, Problem.parse(problem.toString()));
        }
    }

    @Test
    void countsWork() {
        assertEquals(2.0 * 2048 * 2048 * 2048, Problem.parse("2048x2048x2048").flops());
    }

    @Test
    void listsShapes() {
        assertTrue(Problems.all().contains(Problem.parse("512x256x512")), "forward: batch x outputs x inputs");
        assertTrue(Problems.all().contains(Problem.parse("128x784x512:abt")), "dX of 784 -> 512");
        assertTrue(Problems.all().contains(Problem.parse("784x512x128:atb")), "dW of 784 -> 512");
        assertEquals(Problems.all().size(), Problems.all().stream().distinct().count());
        assertTrue(Problems.quick().size() < Problems.all().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5x7x3", "5x7x3:abt", "5x7x3:atb", "300x512x512:atb"})
    void findsWrongResults(final String text) {
        final Problem problem = Problem.parse(text);
        final Operands operands = new Operands(problem);
        final float[] c = new float[problem.m() * problem.n()];
        ReferenceKernels.INSTANCE.gemm(
                new Gemm(problem.transposeA(), problem.transposeB(), Gemm.AB.start(), Gemm.AB.activation()),
                problem.m(),
                problem.n(),
                problem.k(),
                operands.a(),
                0,
                problem.lda(),
                operands.b(),
                0,
                problem.ldb(),
                null,
                0,
                c,
                0,
                problem.n(),
                ReferenceKernels.INSTANCE.scratchpad(0, 0, 0));
        assertNull(operands.fault(c));
        final float right = c[c.length - 1];
        c[c.length - 1] = right + 0.5f;
        assertNotNull(operands.fault(c));
        c[c.length - 1] = Float.NaN;
        assertNotNull(operands.fault(c));
        assertNotNull(operands.fault(new float[1]));
    }
}
