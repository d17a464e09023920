package io.lanewise.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this machine and its virtual machine are, for people. */
final class Host {
    private Host() {}

    static String java() {
        return System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version");
    }

    static String cpu() {
        return model() + ", " + System.getProperty("os.arch");
    }

    private static String model() {
        final Path info = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown model");
        } catch (final IOException e) {
            return "unknown model";
        }
    }

    /** The value of a flag of the virtual machine; empty if it does not know it. */
    static String flag(final String name) {
        final HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return flags == null ? "" : flags.getVMOption(name).getValue();
        } catch (final IllegalArgumentException e) {
            return "";
        }
    }
}
