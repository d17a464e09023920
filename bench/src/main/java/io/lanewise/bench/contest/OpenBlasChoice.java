package io.lanewise.bench.contest;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Which of its codes OpenBLAS chooses for this CPU, for commands that compare with it, or with what is built on it. */
public final class OpenBlasChoice {
    /** Force it to code for another CPU: right for old versions on new CPUs, but slow. */
    private static final List<String> FORCED = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    private static final String TELLING = "Core: ";

    @Option(
            names = "--keep-env",
            description = "Keeps OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which otherwise are taken away: they force"
                    + " OpenBLAS to code for another CPU.")
    private boolean keepEnvironment;

    private String code = "";

    /** The defaults. */
    public OpenBlasChoice() {}

    /** Children in whose environment nothing forces it, and whose output tells of its choice. */
    public Children children(final int threads, final Consumer<String> errors) {
        return new Children(threads, keepEnvironment ? List.of() : FORCED, line -> {
            if (line.startsWith(TELLING)) {
                code = line.substring(TELLING.length()).strip();
            } else {
                errors.accept(line);
            }
        });
    }

    /** The contestants, the choice added to what is told of one; it is known only after a child has run. */
    public List<Entrant> added(final List<Entrant> entrants, final String contestant) {
        return entrants.stream()
                .map(entrant -> entrant.name().equals(contestant) && !code.isEmpty()
                        ? new Entrant(
                                entrant.name(), entrant.role(), entrant.about() + ", code for " + code, entrant.fault())
                        : entrant)
                .toList();
    }
}
