package io.lanewise.bench.contest;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** The inside of a virtual machine that {@link Children} have started. */
public final class Child {
    private Child() {}

    /**
     * What a fork does.
     *
     * @param <T> the task
     * @param <R> the report
     */
    @FunctionalInterface
    public interface Work<T, R> {
        /** Measures. */
        R run(T task) throws Exception;
    }

    /** Reads the task from the first file, writes the report to the second, and exits. */
    public static <T, R> void main(final String[] args, final Class<T> task, final Work<T, R> work) throws Exception {
        final JsonMapper json = JsonMapper.shared();
        final R report = work.run(json.readValue(Path.of(args[0]).toFile(), task));
        json.writeValue(Path.of(args[1]).toFile(), report);
        System.exit(0); // whatever threads a native library has left
    }
}
