package io.lanewise.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The hashes that the scalar reference gave, as the repository has them: a line for each item, its name and its hash. */
final class ExpectedHashes {
    private static final String RESOURCE = "expected-hashes.txt";
    private static final Pattern LINE = Pattern.compile("([a-z0-9/-]+) ([0-9a-f]{16})");

    private ExpectedHashes() {}

    /** Hashes by the name of the item, in the order of the file. */
    static Map<String, String> read() {
        try (InputStream in = ExpectedHashes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar: build it again");
            }
            final Map<String, String> hashes = new LinkedHashMap<>();
            final BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final var parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw new IllegalStateException(RESOURCE + ": expected a name and a hash, got '" + line + "'");
                }
                if (hashes.put(parts.group(1), parts.group(2)) != null) {
                    throw new IllegalStateException(RESOURCE + ": " + parts.group(1) + " is there twice");
                }
            }
            return hashes;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
