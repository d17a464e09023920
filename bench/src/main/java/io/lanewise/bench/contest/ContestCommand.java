package io.lanewise.bench.contest;

import io.lanewise.kernel.ThreadTeam;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A contest from the command line: what its options, its header, its forks and its JSON have in common. */
public abstract class ContestCommand implements Callable<Integer> {
    private static final int USER_ERROR = 2;

    /** How picocli sees this command. */
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of each library that has any (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all rounds, the machine and versions as JSON.")
    private @Nullable Path json;

    @Option(names = "--no-peers", description = "Without other people's libraries: nothing is fetched.")
    private boolean noPeers;

    @Option(
            names = "--check-only",
            hidden = true,
            description = "Checks the options and ends: for the script, which then fetches the libraries.")
    private boolean checkOnly;

    /** A contest with the defaults of all options. */
    protected ContestCommand() {}

    /** Runs the command and exits. */
    protected static void main(final ContestCommand command, final String[] args) {
        final int status = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    System.err.println("lanewise: " + e.getMessage() + " (try: "
                            + e.getCommandLine().getCommandName() + " --help)");
                    return USER_ERROR;
                })
                .setExecutionExceptionHandler((e, failed, parsed) -> {
                    System.err.println("lanewise: " + e.getMessage());
                    return 1;
                })
                .execute(args);
        System.exit(status);
    }

    /** Threads of each library that has any. */
    protected final int threads() {
        return threads;
    }

    /**
     * Checks the options that all contests have.
     *
     * @param forks as asked for
     * @return whether to go on
     */
    protected final boolean checkOptions(final int forks) {
        atLeastOne("--threads", threads);
        atLeastOne("--forks", forks);
        if (threads > ThreadTeam.MAX_THREADS) {
            throw wrong("--threads: expected at most " + ThreadTeam.MAX_THREADS + ", got " + threads, null);
        }
        final Path folder = json == null ? null : json.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw wrong("--json: there is no folder " + folder, null);
        }
        if (json != null && Files.isDirectory(json)) {
            throw wrong("--json: " + json + " is a folder; name a file", null);
        }
        return !checkOnly;
    }

    private void atLeastOne(final String option, final int value) {
        if (value < 1) {
            throw wrong(option + ": expected at least 1, got " + value, null);
        }
    }

    /**
     * The value of an option.
     *
     * @param parser throws an {@link IllegalArgumentException} where the text is wrong
     */
    protected final <T> T parsed(final String option, final String text, final Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (final IllegalArgumentException e) {
            throw wrong(option + ": " + e.getMessage(), e);
        }
    }

    private ParameterException wrong(final String message, final @Nullable Throwable cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** Says what is compared, and on what. */
    protected final void header(final PrintStream out, final Children children, final List<Entrant> entrants)
            throws IOException {
        Machine.describe().forEach((what, value) -> line(out, what, value));
        line(out, "threads", threads + (children.pinned() ? ", kept on the first cores by taskset" : ""));
        for (final Entrant entrant : entrants) {
            line(out, entrant.name(), entrant.fault() == null ? entrant.about() : "left out: " + entrant.fault());
        }
        if (entrants.stream().noneMatch(entrant -> entrant.role() == Role.NATIVE)) {
            line(out, "peers", noPeers ? "none, as asked for" : "none: they could not be fetched");
        }
        children.removed().forEach(variable -> line(out, "environment", "without " + variable + " (see --keep-env)"));
        out.println();
    }

    private static void line(final PrintStream out, final String what, final String value) {
        out.println(String.format(Locale.ROOT, "%-12s %s", what, value));
    }

    /**
     * Runs forks, one after the other, and says how long each took.
     *
     * @param cases what a fork measures, for people
     * @param task what the fork of a number, from 1, shall do
     */
    protected static <R> List<R> run(
            final Children children,
            final int forks,
            final String cases,
            final Class<?> main,
            final IntFunction<?> task,
            final Class<R> report)
            throws IOException, InterruptedException {
        final List<R> reports = new ArrayList<>();
        for (int fork = 1; fork <= forks; fork++) {
            final Instant start = Instant.now();
            reports.add(children.run(main, task.apply(fork), report));
            System.err.println("fork " + fork + " of " + forks + ": " + cases + " in "
                    + Duration.between(start, Instant.now()).toSeconds() + " s");
        }
        return reports;
    }

    /** Prints a table, and an empty line. */
    protected static void print(final PrintStream out, final List<String> table) {
        table.forEach(out::println);
        out.println();
    }

    /** Writes what was measured, if that was asked for. */
    protected final void write(final List<Entrant> contestants, final Object summary, final Object forks)
            throws IOException {
        final Map<String, Object> content = new LinkedHashMap<>();
        content.put("contestants", contestants);
        content.put("summary", summary);
        content.put("forks", forks);
        write(content);
    }

    /** Writes what was measured, if that was asked for; {@code content} comes behind what every contest tells. */
    protected final void write(final Map<String, Object> content) throws IOException {
        if (json == null) {
            return;
        }
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("arguments", spec.commandLine().getParseResult().originalArgs());
        all.put("machine", Machine.describe());
        all.put("threads", threads);
        all.putAll(content);
        Files.writeString(json, toJson(all));
    }

    /** Readable JSON; NaN becomes the text {@code "NaN"}, since JSON has no such number. */
    public static String toJson(final Object content) {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(content)
                + "\n";
    }
}
