package io.lanewise.formats;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A kind of safetensors file of ours, as its metadata tell: a format and a version.
 *
 * @param what the word for it
 */
record FileKind(String format, String what, int version) {
    private static final String FORMAT_KEY = "format";
    private static final String VERSION_KEY = "lanewise.version";

    /** The metadata that say so, and more. */
    Map<String, String> metadata(final Map<String, String> more) {
        final Map<String, String> all = new HashMap<>(more);
        all.put(FORMAT_KEY, format);
        all.put(VERSION_KEY, Integer.toString(version));
        return all;
    }

    /** Checks that a file is of this kind and version. */
    void check(final Path file, final Safetensors tensors) throws FormatException {
        final String found = tensors.metadata().get(FORMAT_KEY);
        if (!format.equals(found)) {
            throw new FormatException(
                    file,
                    "expected a Lanewise " + what + ", got a safetensors file "
                            + (found == null ? "of no stated format" : "of the format " + Quoted.of(found))
                            + " with these tensors: "
                            + Quoted.list(tensors.tensors().stream()
                                    .map(TensorInfo::name)
                                    .toList()));
        }
        final String foundVersion = tensors.metadata().getOrDefault(VERSION_KEY, "");
        if (!foundVersion.equals(Integer.toString(version))) {
            throw new FormatException(
                    file,
                    "expected a " + what + " of version " + version + ", got "
                            + (foundVersion.matches("[1-9][0-9]{0,8}")
                                    ? "version " + foundVersion + "; read it with a newer Lanewise"
                                    : "version " + Quoted.of(foundVersion)));
        }
    }

    /** A text that every such file has. */
    static String text(final Path file, final Safetensors tensors, final String key) throws FormatException {
        final String text = tensors.metadata().get(key);
        if (text == null) {
            throw new FormatException(file, "expected metadata '" + key + "', got none");
        }
        return text;
    }
}
