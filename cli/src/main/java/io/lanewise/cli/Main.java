package io.lanewise.cli;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Initialization;
import io.lanewise.mlp.Names;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Schedule;
import io.lanewise.training.TrainingDivergedException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code lanewise} command: parses arguments, runs a subcommand, and turns errors into one line each. */
@Command(
        name = "lanewise",
        description = "Dense neural networks at the speed of the hardware, with the same bits on every machine.",
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            PredictCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            DoctorCommand.class,
            VerifyBitsCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Start here:",
            "  lanewise demo                                      digits, in seconds",
            "  lanewise train data/iris.csv -o iris.safetensors   a model of your table",
            "  lanewise predict iris.safetensors data/iris.csv    score rows",
            "  lanewise doctor                                    is the fast path on?",
            "  lanewise verify-bits                               the same results here?",
            "",
            "Exit codes: 0 all went well, 1 it did not (or doctor found the fast path off, or bits"
                    + " differ), 2 a mistake in the arguments or the data."
        })
public final class Main {
    /** All went well. */
    static final int OK = 0;

    /** It ran, and the answer is no. */
    static final int FAILED = 1;

    /** The user can mend it: a wrong argument or wrong data. */
    static final int USER_ERROR = 2;

    private Main() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        final PrintWriter out = writer(FileDescriptor.out);
        final PrintWriter err = writer(FileDescriptor.err);
        final int status = run(args, out, err);
        if (status == OK && out.checkError()) {
            err.println("lanewise: standard output took no more: the disk is full, or the pipe was closed");
            System.exit(USER_ERROR);
        }
        System.exit(status);
    }

    /** Runs the command; returns the exit code. */
    static int run(final String[] args, final PrintWriter out, final PrintWriter err) {
        final CommandLine command = new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(34)
                .setParameterExceptionHandler((e, arguments) -> {
                    final List<String> suggestions = e instanceof CommandLine.UnmatchedArgumentException unmatched
                            ? unmatched.getSuggestions()
                            : List.of();
                    err.println("lanewise: " + oneLine(e.getMessage())
                            + (suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?")
                            + " (try: "
                            + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
                    return USER_ERROR;
                })
                .setExecutionExceptionHandler((e, failed, parsed) -> {
                    err.println("lanewise: " + describe(e));
                    return USER_ERROR;
                });
        registerNames(command, Activation.class);
        registerNames(command, Head.class);
        registerNames(command, Initialization.class);
        registerNames(command, NetworkOptions.Norm.class);
        registerNames(command, DataOptions.Task.class);
        registerNames(command, LossOptions.Kind.class);
        registerNames(command, Optimizer.Kind.class);
        register(command, NetworkOptions.Units.class, NetworkOptions.Units::parse);
        register(command, Schedule.class, Schedule::parse);
        Objects.requireNonNull(command.getSubcommands().get("train"))
                .getHelpSectionMap()
                .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST, TrainCommand.SECTIONS);
        if (args.length == 0) {
            command.usage(out);
            out.flush();
            return USER_ERROR;
        }
        try {
            return command.execute(args);
        } catch (final OutOfMemoryError e) {
            err.println("lanewise: not enough memory (the heap may have "
                    + Text.count(Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB): use a smaller network, smaller batches or fewer rows, or allow more with"
                    + " LANEWISE_JAVA_OPTS=-Xmx…");
            return USER_ERROR;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Constants are written as in files, in upper or lower case. */
    private static <E extends Enum<E>> void registerNames(final CommandLine command, final Class<E> type) {
        register(
                command,
                type,
                text -> Names.parse(type, text.toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static <T> void register(
            final CommandLine command, final Class<T> type, final Function<String, T> converter) {
        command.registerConverter(type, text -> {
            try {
                return converter.apply(text);
            } catch (final IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
            }
        });
    }

    /** One line for an exception that a user can do something about; anything else is a defect and shows its trace. */
    private static String describe(final Exception e) throws Exception {
        if (e instanceof UncheckedIOException && e.getCause() instanceof IOException cause) {
            return describe(cause);
        }
        if (e instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return "no permission: " + denied.getFile();
        }
        if (e instanceof IOException || e instanceof UserException || e instanceof IllegalStateException) {
            return oneLine(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        if (e instanceof TrainingDivergedException) {
            return oneLine(e.getMessage());
        }
        throw e;
    }

    private static String oneLine(final @Nullable String message) {
        return String.valueOf(message)
                .lines()
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    /** Not System.out: a print stream keeps errors, such as a full disk, to itself. */
    private static PrintWriter writer(final FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** Prints the version that the build wrote down. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            final String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "lanewise " + (version == null ? "(unpackaged)" : version), "Java ${java.version} (${java.vm.name})"
            };
        }
    }
}
