package io.lanewise.bench.gemm;

import io.lanewise.bench.gemm.Contestant.Role;
import io.lanewise.bench.gemm.Fork.Entrant;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Task;
import io.lanewise.bench.gemm.Fork.Timing;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Compares matrix products with other libraries: starts forks, prints a table, writes JSON. */
@Command(
        name = "lanewise bench gemm",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description =
                "Compares Lanewise's matrix product with the scalar reference, VectorBLAS, EJML, OpenBLAS, MKL and"
                    + " oneDNN, in GFLOP/s (2mnk / time), measured in alternating rounds in several virtual machines.",
        footer = {
            "",
            "The table shows the median of the forks; (worst) is the worst fork. '/ native' is Lanewise to the best"
                    + " of OpenBLAS, MKL and oneDNN; 'pre' is with B packed beforehand. Variables such as"
                    + " MKL_ENABLE_INSTRUCTIONS and ONEDNN_MAX_CPU_ISA reach the libraries; LANEWISE_JAVA_OPTS reaches"
                    + " every fork."
        })
public final class GemmCommand implements Callable<Integer> {
    private static final int USER_ERROR = 2;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--quick", description = "A subset of the shapes and shorter turns: under 4 minutes.")
    private boolean quick;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of each library that has any (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--shapes",
            paramLabel = "LIST",
            description =
                    "Shapes m x n x k, such as 512x512x512,32x512x784; :abt or :atb behind one transposes B or A.")
    private @Nullable String shapes;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all rounds, the machine and versions as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--forks",
            defaultValue = "3",
            paramLabel = "N",
            description = "Virtual machines, one after the other (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--statistic",
            defaultValue = "MEDIAN",
            paramLabel = "NAME",
            description = "What stands for the rounds of a fork: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Summary.Statistic statistic = Summary.Statistic.MEDIAN;

    @Option(names = "--no-peers", description = "Without other people's libraries: nothing is fetched.")
    private boolean noPeers;

    @Option(
            names = "--keep-env",
            description = "Keeps OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which otherwise are taken away: they force"
                    + " OpenBLAS to code for another CPU.")
    private boolean keepEnvironment;

    /** The code that OpenBLAS chose for this CPU: it tells by a line of output alone. */
    private String openBlasCore = "";

    private GemmCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        final int status = new CommandLine(new GemmCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    System.err.println("lanewise: " + e.getMessage() + " (try: lanewise bench gemm --help)");
                    return USER_ERROR;
                })
                .setExecutionExceptionHandler((e, failed, parsed) -> {
                    System.err.println("lanewise: " + e.getMessage());
                    return 1;
                })
                .execute(args);
        System.exit(status);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<Problem> problems = problems();
        atLeastOne("--threads", threads);
        atLeastOne("--forks", forks);
        final Path folder = json == null ? null : json.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "--json: there is no folder " + folder);
        }
        final PrintStream out = System.out;
        final Children children = new Children(threads, keepEnvironment, this::said);
        final List<Entrant> entrants = header(out, children);

        final List<Report> reports = new ArrayList<>();
        for (int fork = 1; fork <= forks; fork++) {
            final Instant start = Instant.now();
            reports.add(children.run(task(problems, fork)));
            System.err.println("fork " + fork + " of " + forks + ": " + problems.size() + " shapes in "
                    + Duration.between(start, Instant.now()).toSeconds() + " s");
        }
        final Summary summary = Summary.of(problems, reports, statistic);
        faults(reports).forEach(out::println);
        TableText.lines(entrants, summary).forEach(out::println);
        if (json != null) {
            write(json, entrants, reports, summary);
        }
        out.println(summary.line());
        return 0;
    }

    private List<Problem> problems() {
        if (shapes == null) {
            return quick ? Problems.quick() : Problems.all();
        }
        try {
            return Problem.parseList(shapes);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--shapes: " + e.getMessage(), e);
        }
    }

    private void atLeastOne(final String option, final int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + ": expected at least 1, got " + value);
        }
    }

    private Task task(final List<Problem> problems, final int seed) {
        return new Task(
                problems.stream().map(Problem::toString).toList(), threads, quick ? 11 : 21, quick ? 2 : 4, seed);
    }

    /** Says what is compared; the first child also unpacks what the libraries bring along. */
    private List<Entrant> header(final PrintStream out, final Children children)
            throws IOException, InterruptedException {
        final List<Entrant> found = children.run(task(List.of(), 0)).entrants();
        final List<Entrant> entrants = found.stream()
                .map(entrant -> entrant.name().equals("OpenBLAS") && !openBlasCore.isEmpty()
                        ? new Entrant(
                                entrant.name(),
                                entrant.role(),
                                entrant.about() + ", code for " + openBlasCore,
                                entrant.fault())
                        : entrant)
                .toList();
        machine().forEach((what, value) -> line(out, what, value));
        line(out, "threads", threads + (children.pinned() ? ", kept on the first cores by taskset" : ""));
        for (final Entrant entrant : entrants) {
            line(out, entrant.name(), entrant.fault() == null ? entrant.about() : "left out: " + entrant.fault());
        }
        if (entrants.stream().noneMatch(entrant -> entrant.role() == Role.NATIVE)) {
            line(out, "peers", noPeers ? "none, as asked for" : "none: they could not be fetched");
        }
        children.removed().forEach(variable -> line(out, "environment", "without " + variable + " (see --keep-env)"));
        out.println();
        return entrants;
    }

    private static void line(final PrintStream out, final String what, final String value) {
        out.println(String.format(Locale.ROOT, "%-12s %s", what, value));
    }

    /** A line that a fork wrote: remembered if it names OpenBLAS's choice, else passed on. */
    private void said(final String line) {
        if (line.startsWith("Core: ")) {
            openBlasCore = line.substring("Core: ".length()).strip();
        } else {
            System.err.println(line);
        }
    }

    private static Set<String> faults(final List<Report> reports) {
        final Set<String> faults = new LinkedHashSet<>();
        for (final Report report : reports) {
            for (final Timing timing : report.timings()) {
                if (timing.fault() != null) {
                    faults.add("WRONG: " + timing.contestant() + " at " + timing.problem() + ", left out: "
                            + timing.fault());
                }
            }
        }
        return faults;
    }

    private static Map<String, String> machine() throws IOException {
        final Map<String, String> machine = new LinkedHashMap<>();
        machine.put(
                "CPU",
                cpu() + ", " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores");
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("Java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
        return machine;
    }

    private static String cpu() throws IOException {
        final Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "unknown model";
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown model");
        }
    }

    private void write(final Path file, final List<Entrant> entrants, final List<Report> reports, final Summary summary)
            throws IOException {
        final Map<String, Object> content = new LinkedHashMap<>();
        content.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        content.put("arguments", spec.commandLine().getParseResult().originalArgs());
        content.put("machine", machine());
        content.put("threads", threads);
        content.put("statistic", statistic);
        content.put("contestants", entrants);
        content.put("summary", summary);
        content.put("forks", reports.stream().map(Report::timings).toList());
        Files.writeString(file, toJson(content));
    }

    /** Readable JSON; NaN becomes the text {@code "NaN"}, since JSON has no such number. */
    static String toJson(final Object content) {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(content)
                + "\n";
    }
}
