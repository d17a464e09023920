package io.lanewise.bench.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the figures were measured on. */
public final class Machine {
    private Machine() {}

    /** The CPU, the operating system and the virtual machine. */
    public static Map<String, String> describe() throws IOException {
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
}
