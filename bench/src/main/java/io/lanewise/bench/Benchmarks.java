package io.lanewise.bench;

import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH, with a word for those who misspelled what they want to measure. */
public final class Benchmarks {
    private static final int USER_ERROR = 2;

    private Benchmarks() {}

    /** Runs the benchmarks that JMH's options choose. */
    public static void main(final String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println(
                    "lanewise: expected gemm, inference, training or math, JMH's options (bench -h), or a part"
                            + " of the name of a benchmark (bench -l lists them, bench . runs all, for hours)");
            System.exit(USER_ERROR);
        }
        try {
            final List<String> wanted = new CommandLineOptions(args).getIncludes();
            final OutputFormat quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
            if (!wanted.isEmpty()
                    && BenchmarkList.defaultList()
                            .find(quiet, wanted, List.of())
                            .isEmpty()) {
                System.err.println(
                        "lanewise: expected gemm, inference, training, math, or a part of the name of a benchmark"
                                + " (lanewise bench -l lists them), got '" + String.join(" ", wanted) + "'");
                System.exit(USER_ERROR);
            }
        } catch (final CommandLineOptionException e) {
            // JMH tells.
        }
        Main.main(args);
    }
}
