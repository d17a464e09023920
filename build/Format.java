import com.palantir.javaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks (or, with "apply", mends) the layout of all Java sources. Run by Maven on the toolchain's JDK. */
final class Format {
    private Format() {}

    public static void main(final String[] args) throws Exception {
        final boolean apply = args.length > 0 && args[0].equals("apply");
        final List<String> command = new ArrayList<>(List.of("--palantir"));
        command.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        command.addAll(sources());
        final int status = new Main(new PrintWriter(System.out, true), new PrintWriter(System.err, true), System.in)
                .format(command.toArray(String[]::new));
        if (status != 0) {
            System.err.println(
                    "These files are not in the project's layout; mend them with: mvn -pl . exec:exec@format");
        }
        System.exit(status);
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .filter(name -> !name.contains("target/") && !name.endsWith("module-info.java"))
                    .sorted()
                    .toList();
        }
    }
}
