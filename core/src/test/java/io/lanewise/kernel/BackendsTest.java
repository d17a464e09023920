package io.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Backends.Candidate;
import io.lanewise.kernel.Backends.Choice;
import io.lanewise.kernel.KernelsProvider.Support;
import io.lanewise.kernel.KernelsProvider.Support.Level;
import io.lanewise.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackendsTest {
    private static final Candidate FAST = candidate("warp", 200, Level.FAST, "flies");
    private static final Candidate SLOW = candidate("simd", 100, Level.SLOW, "boxes; remove -XX:Slow");
    private static final Candidate IMPOSSIBLE = candidate("gpu", 50, Level.IMPOSSIBLE, "no card; buy one");
    private static final Candidate SCALAR = candidate("scalar", 0, Level.FAST, "runs everywhere");

    private static Candidate candidate(final String name, final int priority, final Level level, final String reason) {
        final Support support = new Support(level, reason);
        return new Candidate(new Fake(name, priority, support), support);
    }

    @Test
    void theFirstFastOneIsChosen() {
        final Choice choice = Backends.choose(List.of(FAST, SLOW, IMPOSSIBLE, SCALAR), "");
        assertSame(FAST.provider(), choice.provider());
        assertEquals(List.of(), choice.refusals());
    }

    @Test
    void eachFasterOneThatCannotBeUsedIsNamed() {
        final Choice choice = Backends.choose(List.of(SLOW, IMPOSSIBLE, SCALAR), "");
        assertSame(SCALAR.provider(), choice.provider());
        assertEquals(
                List.of(
                        "simd kernels are not used: boxes; remove -XX:Slow",
                        "gpu kernels are not used: no card; buy one"),
                choice.refusals());
    }

    @Test
    void aForcedOneIsUsedWithoutAWord() {
        final List<Candidate> all = List.of(FAST, SLOW, IMPOSSIBLE, SCALAR);
        assertEquals(new Choice(SCALAR.provider(), List.of()), Backends.choose(all, "scalar"));
        assertEquals(new Choice(FAST.provider(), List.of()), Backends.choose(all, "WARP"));
    }

    @Test
    void aSlowOneRunsWhenAskedFor() {
        assertEquals(new Choice(SLOW.provider(), List.of()), Backends.choose(List.of(SLOW, SCALAR), "simd"));
    }

    @Test
    void anImpossibleOneIsRefusedWithItsReason() {
        final IllegalStateException thrown = assertThrows(
                IllegalStateException.class, () -> Backends.choose(List.of(FAST, IMPOSSIBLE, SCALAR), "GPU"));
        assertEquals("-Dlanewise.kernels=GPU cannot be used: no card; buy one", thrown.getMessage());
    }

    @Test
    void anUnknownOneIsRefusedWithThoseThatThereAre() {
        final IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> Backends.choose(List.of(FAST, SCALAR), "Fpga"));
        assertEquals("no backend is called 'Fpga' (-Dlanewise.kernels); found: [warp, scalar]", thrown.getMessage());
    }

    @Test
    void noneAtAllIsAnError() {
        final IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> Backends.choose(List.of(SLOW, IMPOSSIBLE), ""));
        assertEquals("no backend can run here; found: [simd, gpu]", thrown.getMessage());
        assertThrows(IllegalStateException.class, () -> Backends.choose(List.of(), ""));
    }

    @Test
    void thisModuleHasTheScalarOne() {
        final List<Candidate> candidates = Backends.candidates();
        assertEquals(1, candidates.size());
        final KernelsProvider provider = candidates.getFirst().provider();
        assertEquals("scalar", provider.name());
        assertEquals(0, provider.priority());
        assertEquals(Level.FAST, candidates.getFirst().support().level());
        assertSame(ReferenceKernels.INSTANCE, Backends.best());
        assertSame(Backends.best(), Backends.best());
    }

    private record Fake(String name, int priority, Support support) implements KernelsProvider {
        @Override
        public Kernels kernels() {
            throw new AssertionError("choosing makes no kernels");
        }
    }
}
