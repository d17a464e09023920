package io.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Names;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.verify.Verification.Result;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The fixed work leaves nothing out, its hashes are the scalar reference's, and one wrong bit is noticed. */
final class VerificationTest {
    private static final Verification STANDARD = Verification.standard();
    private static final Setting SCALAR = new Setting(ReferenceKernels.INSTANCE, null);

    private static Kernels kernels(final InvocationHandler handler) {
        return (Kernels) Proxy.newProxyInstance(
                VerificationTest.class.getClassLoader(), new Class<?>[] {Kernels.class}, handler);
    }

    private static Object reference(final Method method, final Object[] arguments) throws Throwable {
        try {
            return method.invoke(ReferenceKernels.INSTANCE, arguments);
        } catch (final InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static List<Result> run(final Setting setting, final String... selections) {
        final List<Item> items = STANDARD.items().stream()
                .filter(item -> Arrays.stream(selections).anyMatch(item::isIn))
                .toList();
        return STANDARD.run(items, setting, result -> {});
    }

    private static List<String> wrong(final List<Result> results) {
        return results.stream()
                .filter(result -> !result.agrees())
                .map(Result::name)
                .toList();
    }

    @Test
    void everyItemHasAHashAndEveryHashAnItem() {
        assertEquals(
                STANDARD.items().stream().map(Item::name).toList(),
                List.copyOf(ExpectedHashes.read().keySet()),
                "docs/verify-bits.md says how the file of hashes is made");
    }

    @Test
    void theScalarReferenceAgreesAndEveryKernelIsCalled() {
        final Set<String> called = new TreeSet<>();
        final Kernels watched = kernels((proxy, method, arguments) -> {
            called.add(method.toString());
            return reference(method, arguments);
        });
        final List<Result> results = STANDARD.run(STANDARD.items(), new Setting(watched, null), result -> {});
        assertEquals(List.of(), wrong(results));
        final Set<String> declared = Arrays.stream(Kernels.class.getMethods())
                .filter(method -> !method.isDefault() && !method.getName().equals("name"))
                .map(Method::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        declared.removeAll(called);
        assertEquals(Set.of(), declared, "kernels that no item calls");
    }

    @Test
    void everyActivationIsThere() {
        for (final Activation f : Activation.values()) {
            for (final String group : List.of("activation", "activation-backward", "gemm/epilogue")) {
                final String name = group + "/" + Names.of(f);
                assertTrue(
                        STANDARD.items().stream().anyMatch(item -> item.name().equals(name)), name);
            }
        }
    }

    /** Neither how a batch is cut nor whether B is packed changes a bit: the hashes show it. */
    @Test
    void waysOfOneResultHaveOneHash() {
        final Map<String, String> hashes = ExpectedHashes.read();
        hashes.forEach((name, hash) -> {
            if (name.startsWith("inference/") && !name.endsWith("/classes")) {
                assertEquals(hashes.get(name.replaceFirst("[^/]*$", "whole")), hash, name);
            }
            if (name.startsWith("gemm/")) {
                assertEquals(hashes.get(name.replace("-packed", "")), hash, name);
            }
        });
    }

    @Test
    void differentWorkHasDifferentHashes() {
        final Map<String, List<String>> names = ExpectedHashes.read().entrySet().stream()
                .filter(entry -> !entry.getKey().contains("-packed")
                        && (!entry.getKey().startsWith("inference/")
                                || entry.getKey().endsWith("/whole")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        names.values().forEach(same -> assertEquals(1, same.size(), same::toString));
    }

    /** The last bit of one element of one kernel. */
    @Test
    void aWrongBitIsNoticedAndNamed() {
        final Kernels wrong = kernels((proxy, method, arguments) -> {
            final Object result = reference(method, arguments);
            if (method.getName().equals("columnSums") && (int) arguments[1] == 17) {
                final float[] sums = (float[]) arguments[5];
                final int last = (int) arguments[6] + 16;
                sums[last] = Math.nextUp(sums[last]);
            }
            return result;
        });
        final List<Result> results = run(new Setting(wrong, null), "rows", "optimizer");
        assertEquals(List.of("rows/column-sums"), wrong(results));
        assertNotEquals(Verification.total(run(SCALAR, "rows", "optimizer")), Verification.total(results));
    }

    @Test
    void aFailureIsADifferenceThatSaysWhatFailed() {
        final Kernels failing = kernels((proxy, method, arguments) -> {
            if (method.getName().equals("clip")) {
                throw new IllegalStateException("planted");
            }
            return reference(method, arguments);
        });
        final List<Result> results = run(new Setting(failing, null), "rows");
        assertEquals(List.of("rows/clip"), wrong(results));
        assertTrue(results.stream().anyMatch(result -> result.actual().contains("planted")), results::toString);
    }

    @Test
    void aWrongOrMissingHashIsNoticed() {
        final List<Item> items = new ArrayList<>(STANDARD.items().subList(0, 2));
        final String right = items.getFirst().hash(SCALAR);
        final Verification verification =
                new Verification(items, Map.of(items.getFirst().name(), right.replace(right.charAt(0), 'x')));
        final List<Result> results = verification.run(items, SCALAR, result -> {});
        assertFalse(results.getFirst().agrees());
        assertFalse(results.getLast().agrees());
        assertEquals("none", results.getLast().expected());
    }
}
