package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.inference.Predictor;
import io.lanewise.inference.WarmUp;
import io.lanewise.kernel.Backends;
import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.KernelsProvider.Support;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.mlp.Model;
import io.lanewise.reference.ReferenceKernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether the fast path is on, and what to change if it is not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Shows what this machine offers, which kernels are used and why, and how fast they are.",
        footer = {
            "",
            "With a model, it is also warmed up: how long that takes, how fast one row is before and after, and"
                    + " whether all that runs is compiled, which shows in calls that allocate nothing.",
            "",
            "Exit code 1 when the fast path is off or numbers are not kept as promised."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int SIZE = 384;
    private static final int WARM_ROWS = 32;
    private static final int STEADY_CALLS = 500;
    private static final double MOST_SECONDS = 5.0;
    private static final double LEAST_GIGAFLOPS = 5.0;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A model saved by train or demo (.safetensors), to be warmed up.")
    private @Nullable Path modelFile;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final List<String> remedies = new ArrayList<>();
        final Kernels kernels = chosen(remedies);
        final Model model = modelFile == null ? null : ModelFile.read(modelFile);
        line(out, "Java", Host.java());
        line(out, "CPU", Host.cpu());
        line(out, "threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        line(out, "memory", Text.count(Runtime.getRuntime().maxMemory() >> 20) + " MiB heap at most");
        line(
                out,
                "huge pages",
                switch (Host.flag("UseTransparentHugePages")) {
                    case "true" -> "on";
                    case "false" ->
                        "off: networks that no cache holds are up to 1.5 times as fast with"
                                + " -XX:+UseTransparentHugePages";
                    default -> "not known to this Java";
                });
        line(
                out,
                "fused multiply-add",
                switch (Host.flag("UseFMA")) {
                    case "true" -> "on";
                    case "false" -> "OFF: everything takes a hundred times as long or more, with the same bits";
                    default -> "unknown";
                });
        for (final Backends.Candidate candidate : Backends.candidates()) {
            final Support support = candidate.support();
            final String backend = candidate.provider().name();
            line(out, "kernels '" + backend + "'", support.reason());
            if (!backend.equals("scalar") && support.level() != Support.Level.FAST) {
                remedies.add(support.reason());
            }
        }
        final String forced = System.getProperty(Backends.PROPERTY, "");
        final String name = kernels.name();
        line(out, "vector width", name.startsWith("simd-") ? name.substring("simd-".length()) + " bits" : "not used");
        line(out, "kernels in use", name + (forced.isEmpty() ? "" : ", forced by -D" + Backends.PROPERTY));
        if (name.equals("scalar") && remedies.isEmpty()) {
            remedies.add(
                    forced.isEmpty()
                            ? "add lanewise-simd to the class path or module path"
                            : "remove -D" + Backends.PROPERTY + "=" + forced);
        }
        if (FloatingPoint.keepsDenormals()) {
            line(out, "flush to zero", "off: denormals are kept");
        } else {
            line(out, "flush to zero", "ON");
            remedies.add("this thread flushes denormals to zero, which changes results: some native library in this"
                    + " process has switched that on");
        }
        final double speed = gigaflops(kernels);
        line(out, "speed", Text.format("%.1f GFLOP/s, product of %d × %d matrices, one thread", speed, SIZE, SIZE));
        if (remedies.isEmpty() && speed < LEAST_GIGAFLOPS) {
            remedies.add(
                    "this is far too slow for the fast path: is the machine busy? Run doctor again when it is not");
        }
        if (model != null) {
            warmUp(out, model, kernels, remedies);
        }
        out.println();
        if (remedies.isEmpty()) {
            out.println("The fast path is on.");
            return Main.OK;
        }
        remedies.forEach(remedy -> out.println("To mend: " + remedy));
        return Main.FAILED;
    }

    private static void warmUp(
            final PrintWriter out, final Model model, final Kernels kernels, final List<String> remedies) {
        final WarmUp warmUp = Predictor.of(model, kernels).session(WARM_ROWS).warmUp();
        line(out, "model", model.mlp().toString());
        line(
                out,
                "warm-up",
                Text.format(
                        "%s calls of 1 to %d rows in %.1f s",
                        Text.count(warmUp.calls()), WARM_ROWS, warmUp.duration().toMillis() * 1e-3));
        line(
                out,
                "one row",
                Text.format(
                        "%.1f µs the first time, then %.2f µs", warmUp.firstNanos() * 1e-3, warmUp.lastNanos() * 1e-3));
        line(
                out,
                "allocated",
                warmUp.allocatedBytes() < 0
                        ? "not known: the time was up, or this virtual machine does not tell"
                        : Text.count(warmUp.allocatedBytes()) + " bytes in the last round of calls"
                                + (warmUp.isCompiled() ? ": all that ran is compiled" : ""));
        if (warmUp.allocatedBytes() > 0) {
            remedies.add("vectors are not kept in registers: is the machine busy, or the C2 compiler off?");
        }
    }

    /** The kernels in use; the reference where the choice failed, whose reason is then among the remedies. */
    private static Kernels chosen(final List<String> remedies) {
        try {
            return Backends.best();
        } catch (final IllegalStateException e) {
            remedies.add(String.valueOf(e.getMessage()));
            return ReferenceKernels.INSTANCE;
        }
    }

    private static void line(final PrintWriter out, final String what, final String value) {
        out.println(Text.format("%-20s %s", what, value));
    }

    private static double gigaflops(final Kernels kernels) {
        final float[] a = new float[SIZE * SIZE];
        final float[] c = new float[SIZE * SIZE];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 17 * 0.125f - 1f;
        }
        final PackedMatrix b = kernels.pack(SIZE, SIZE, a, 0, SIZE);
        final Scratchpad scratchpad = kernels.scratchpad(SIZE, 0, SIZE);
        double best = Double.POSITIVE_INFINITY;
        int steady = 0;
        final long end = System.nanoTime() + (long) (MOST_SECONDS * 1e9);
        // Until the compiler is done: no call was a tenth faster than the best before for a while.
        while (steady < STEADY_CALLS && System.nanoTime() < end) {
            final long start = System.nanoTime();
            kernels.gemm(Gemm.AB, SIZE, a, 0, SIZE, b, null, 0, c, 0, SIZE, scratchpad);
            final double seconds = (System.nanoTime() - start) * 1e-9;
            steady = seconds < 0.9 * best ? 0 : steady + 1;
            best = Math.min(best, seconds);
        }
        return 2.0 * SIZE * SIZE * SIZE / best * 1e-9;
    }
}
