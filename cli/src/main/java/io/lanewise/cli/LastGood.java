package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.mlp.Model;
import io.lanewise.training.TrainingDivergedException;
import io.lanewise.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;

/** The model that a run had before it diverged: it is saved, but not as what was asked for. */
final class LastGood {
    private static final String EXTENSION = ".safetensors";
    private static final String SUFFIX = ".last-good" + EXTENSION;

    private LastGood() {}

    /** Saves it, if there is one; what is said of that after the message. */
    static String saved(
            final TrainingDivergedException e, final TrainingOptions options, final DataNames names, final Path out) {
        final Model model = e.lastGood().orElse(null);
        if (model == null) {
            return "";
        }
        final String which = options.earlyStopping() == null ? "last" : "best";
        final Path file = beside(out);
        try {
            ModelFile.write(names.on(model), file);
            return "; the " + which + " model before that is in " + file;
        } catch (final IOException failed) {
            return "; the " + which + " model before that could not be saved: " + failed.getMessage();
        }
    }

    /** {@code iris.last-good.safetensors} for {@code iris.safetensors}. */
    static Path beside(final Path out) {
        final String name = String.valueOf(out.getFileName());
        final String stem = name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
        return out.resolveSibling(stem + SUFFIX);
    }
}
