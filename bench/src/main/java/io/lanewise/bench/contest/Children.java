package io.lanewise.bench.contest;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Starts virtual machines like this one, with the number of threads fixed for every library, and reads their reports. */
public final class Children {
    /** Limit the threads of OpenMP (so oneDNN's), OpenBLAS and MKL. */
    private static final List<String> THREADS = List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS");

    private final int threads;
    private final List<String> unwanted;
    private final Consumer<String> errors;

    /**
     * Prepares to start some.
     *
     * @param threads of each library that has any
     * @param unwanted variables of the environment that children do not inherit
     * @param errors takes the output of the libraries and the virtual machine, line by line
     */
    public Children(final int threads, final List<String> unwanted, final Consumer<String> errors) {
        this.threads = threads;
        this.unwanted = List.copyOf(unwanted);
        this.errors = errors;
    }

    /** The variables that {@link #run} takes away from the children. */
    public List<String> removed() {
        return unwanted.stream()
                .filter(name -> System.getenv(name) != null)
                .map(name -> name + "=" + System.getenv(name))
                .toList();
    }

    /** Whether children are kept on the first cores, as many as there are threads. */
    public boolean pinned() {
        if (threads >= Runtime.getRuntime().availableProcessors()) {
            return false;
        }
        try {
            return new ProcessBuilder("taskset", "-c", cores(), "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException e) {
            return false; // no such command on this system
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String cores() {
        return threads == 1 ? "0" : "0-" + (threads - 1);
    }

    /**
     * Runs a class in a virtual machine of its own. Its arguments are two files: it reads the task from the first, and
     * writes its report to the second.
     *
     * @param <R> the report
     */
    public <R> R run(final Class<?> main, final Object task, final Class<R> report)
            throws IOException, InterruptedException {
        final JsonMapper json = JsonMapper.shared();
        final Path input = Files.createTempFile("lanewise-bench", ".json");
        final Path output = Files.createTempFile("lanewise-bench", ".json");
        input.toFile().deleteOnExit(); // Ctrl-C does not get to the end of this method
        output.toFile().deleteOnExit();
        try {
            json.writeValue(input.toFile(), task);
            final ProcessBuilder builder = new ProcessBuilder(command(main, input, output)).redirectErrorStream(true);
            limit(builder.environment());
            final Process process = builder.start();
            final Thread killer = new Thread(process::destroyForcibly);
            Runtime.getRuntime().addShutdownHook(killer);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
                lines.lines().filter(line -> !line.startsWith("WARNING:")).forEach(errors);
            }
            final int status = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(killer);
            if (status != 0) {
                throw new IOException("a fork ended with exit code " + status + "; what it said stands above");
            }
            return json.readValue(output.toFile(), report);
        } finally {
            Files.deleteIfExists(input);
            Files.deleteIfExists(output);
        }
    }

    private List<String> command(final Class<?> main, final Path input, final Path output) {
        final List<String> command = new ArrayList<>();
        if (pinned()) {
            command.addAll(List.of("taskset", "-c", cores()));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-Xbatch", // on one core a compiler thread in the background would hardly get its turn
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", "." + File.pathSeparator),
                main.getName(),
                input.toString(),
                output.toString()));
        return command;
    }

    private void limit(final Map<String, String> environment) {
        THREADS.forEach(name -> environment.put(name, Integer.toString(threads)));
        environment.put("OMP_DYNAMIC", "FALSE");
        environment.put("MKL_DYNAMIC", "FALSE");
        environment.put("OPENBLAS_VERBOSE", "2"); // it then says which code it chose for this CPU
        // What malloc gives to native libraries is on huge pages, as the heap is (see the lanewise script).
        environment.putIfAbsent("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
        if (threads > 1) {
            // Idle threads stop spinning before the next contestant's turn: in ms, in pauses, and in powers of two of
            // cycles.
            environment.putIfAbsent("KMP_BLOCKTIME", "1");
            environment.putIfAbsent("GOMP_SPINCOUNT", "10000");
            environment.putIfAbsent("OPENBLAS_THREAD_TIMEOUT", "22");
        }
        unwanted.forEach(environment::remove);
    }
}
