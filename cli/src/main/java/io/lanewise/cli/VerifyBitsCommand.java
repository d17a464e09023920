package io.lanewise.cli;

import io.lanewise.formats.AtomicFile;
import io.lanewise.kernel.Backends;
import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.verify.Item;
import io.lanewise.verify.Setting;
import io.lanewise.verify.Verification;
import io.lanewise.verify.Verification.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves that results are the same here as everywhere, or says what differs. */
@Command(
        name = "verify-bits",
        mixinStandardHelpOptions = true,
        description =
                "Does a fixed set of work, every kernel, inference and training, and compares the hash of each item's"
                        + " bits with the one that it has on every other machine.",
        footer = {
            "",
            "Kernels are chosen as for any command: LANEWISE_JAVA_OPTS=-Dlanewise.kernels=scalar for the scalar ones.",
            "A hash is the 64-bit FNV-1a of the bits, any NaN taken as one; docs/verify-bits.md has more.",
            "",
            "Exit code 1 when an item differs."
        })
final class VerifyBitsCommand implements Callable<Integer> {
    private static final int MOST_DIFFERENCES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "ITEM",
            description = "Items to verify, or how their names begin: gemm, training/run. Default: all.")
    private List<String> selections = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that share the work; the hashes are the same. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--list", description = "Show the items and the hashes that they should have; verify nothing.")
    private boolean list;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all that was found to a file.")
    private @Nullable Path json;

    @Option(
            names = "--write-hashes",
            paramLabel = "FILE",
            description =
                    "For developers: write the hashes that were computed, in the form of those in the repository.")
    private @Nullable Path hashes;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final Verification verification = Verification.standard();
        final List<Item> items = chosen(verification);
        if (list) {
            items.forEach(item -> out.println(line(item.name(), String.valueOf(verification.expected(item)))));
            return Main.OK;
        }
        Arguments.checkThreads(threads);
        Outputs.check(List.of(), Outputs.paths(json, hashes));
        final Kernels kernels = Backends.best();
        if (hashes != null && !kernels.name().equals("scalar")) {
            throw new UserException("the hashes of the repository are those of the scalar reference: use"
                    + " LANEWISE_JAVA_OPTS=-Dlanewise.kernels=scalar with --write-hashes, got " + kernels.name());
        }
        out.println("Java " + Host.java() + "; " + Host.cpu());
        out.println("kernels " + kernels.name() + ", threads " + threads);
        out.println();
        final List<Result> results;
        try (ThreadTeam team = threads == 1 ? null : ThreadTeam.of(threads)) {
            results = verification.run(items, new Setting(kernels, team), result -> {
                final String verdict = result.agrees() ? "agrees" : "DIFFERS";
                out.println(line(result.name(), result.actual()) + "  " + verdict);
                out.flush();
            });
        }
        if (json != null) {
            VerifyBitsJson.write(json, kernels.name(), threads, results);
        }
        if (hashes != null) {
            write(hashes, results);
        }
        return conclude(out, results);
    }

    private List<Item> chosen(final Verification verification) {
        for (final String selection : selections) {
            if (verification.items().stream().noneMatch(item -> item.isIn(selection))) {
                throw new UserException("no item is called '" + selection
                        + "', nor do any begin with it; the groups are "
                        + verification.items().stream()
                                .map(item ->
                                        item.name().substring(0, item.name().indexOf('/')))
                                .distinct()
                                .toList()
                        + ", and --list shows all items");
            }
        }
        return verification.items().stream()
                .filter(item -> selections.isEmpty() || selections.stream().anyMatch(item::isIn))
                .toList();
    }

    private static int conclude(final PrintWriter out, final List<Result> results) {
        final List<Result> wrong =
                results.stream().filter(result -> !result.agrees()).toList();
        out.println();
        if (!wrong.isEmpty()) {
            wrong.stream()
                    .limit(MOST_DIFFERENCES)
                    .forEach(result -> out.println("differs: " + result.name() + ": expected " + result.expected()
                            + ", got " + result.actual()));
            if (wrong.size() > MOST_DIFFERENCES) {
                out.println("differs: " + (wrong.size() - MOST_DIFFERENCES) + " more, above");
            }
            if (!FloatingPoint.keepsDenormals()) {
                out.println("This thread flushes denormal numbers to zero, which explains it.");
            }
            out.println("Results on this machine are not those of others. Please report all lines above, the CPU, and"
                    + " the options of Java; whether the same items differ with"
                    + " LANEWISE_JAVA_OPTS=-Dlanewise.kernels=scalar and with LANEWISE_JAVA_OPTS=-Xint tells the"
                    + " kernels from the compiler.");
        }
        out.println("verify-bits: " + (results.size() - wrong.size()) + " of " + results.size() + " items agree, total "
                + Verification.total(results));
        return wrong.isEmpty() ? Main.OK : Main.FAILED;
    }

    private static String line(final String name, final String hash) {
        return Text.format("%-44s %s", name, hash);
    }

    private static void write(final Path file, final List<Result> results) throws IOException {
        final StringBuilder text = new StringBuilder();
        results.forEach(result ->
                text.append(result.name()).append(' ').append(result.actual()).append('\n'));
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
