package io.lanewise.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a virtual machine of its own gave, the same Java as this one. */
record Child(int status, String out, String err) {
    static List<String> java() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    static Child run(final String... arguments) throws IOException, InterruptedException {
        return run(List.of(arguments));
    }

    static Child run(final List<String> arguments) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(java());
        command.addAll(arguments);
        final File err = File.createTempFile("child", ".err");
        err.deleteOnExit();
        final Process process = new ProcessBuilder(command).redirectError(err).start();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Child(process.waitFor(), out, Files.readString(err.toPath()));
    }
}
