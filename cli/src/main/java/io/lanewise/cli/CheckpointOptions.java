package io.lanewise.cli;

import io.lanewise.formats.CheckpointFolder;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingResult;
import io.lanewise.training.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run keeps its state, and whether it goes on from one. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "FOLDER",
            description =
                    "Keep the state of the run in this folder after each epoch, and when it is interrupted (Ctrl-C,"
                        + " kill). What is killed or fails can go on from there with --resume, and gives the model of"
                        + " a run that was never interrupted, to the bit.")
    private @Nullable Path folder;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            description = "Keep it within epochs too, each time that so many steps were made.")
    private @Nullable Long steps;

    @Option(
            names = "--resume",
            description =
                    "Go on from the state in the folder of --checkpoint, if there is one. Data and options have to"
                            + " be the same; but there may be more --epochs, unless --schedule is cosine or one-cycle.")
    private boolean resume;

    /** Refuses what does not fit together. */
    void check() {
        if (folder == null) {
            if (resume) {
                throw new UserException("--resume goes on from a checkpoint: name its folder with --checkpoint FOLDER");
            }
            if (steps != null) {
                throw new UserException("--checkpoint-every is for --checkpoint FOLDER");
            }
            return;
        }
        if (steps != null && steps < 1) {
            throw new UserException("expected a checkpoint after at least 1 step, got " + steps);
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UserException("expected a folder to keep checkpoints in, but " + folder + " is a file");
        }
    }

    /** Refuses outputs in the folder: one might take the place of the checkpoint. */
    void checkOutputs(final List<@Nullable Path> outputs) throws IOException {
        if (folder == null || !Files.exists(folder)) {
            return; // an output in a folder that does not exist is refused anyway
        }
        final Path real = folder.toRealPath();
        for (final Path output : outputs) {
            final Path written = output == null ? null : output.toAbsolutePath();
            if (written != null
                    && (isIn(real, written) || (Files.exists(written) && isIn(real, written.toRealPath())))) {
                throw new UserException("expected the output " + output + " outside of the folder of the checkpoints, "
                        + folder + ": only they belong there; give another folder for one of them");
            }
        }
    }

    private static boolean isIn(final Path realFolder, final Path file) throws IOException {
        final Path parent = file.getParent();
        return parent != null && parent.toRealPath().equals(realFolder);
    }

    /** What is said when a run was asked to end, and has kept its state. */
    String stopped(final int epoch, final int epochs) {
        return "lanewise: interrupted in epoch " + epoch + " of " + epochs + "; the state is kept in " + folder
                + ": to go on, run the same command with --resume";
    }

    /**
     * Opens the folder, which is to be closed; null if none was named. A checkpoint that would be replaced is refused.
     *
     * @param text where to say that there is none to go on from
     */
    @Nullable
    CheckpointFolder open(final PrintWriter text) throws IOException {
        if (folder == null) {
            return null;
        }
        final CheckpointFolder checkpoints = CheckpointFolder.of(folder);
        if (checkpoints.exists() && !resume) {
            checkpoints.close();
            throw new UserException("the folder " + folder + " holds the checkpoint of a run: go on from it with"
                    + " --resume, or name another folder with --checkpoint");
        }
        if (resume && !checkpoints.exists()) {
            text.println("there is no checkpoint in " + folder + " yet: starting anew");
        }
        return checkpoints;
    }

    /**
     * Trains, and says what of the checkpoints is left if that is refused.
     *
     * @throws io.lanewise.training.TrainingDivergedException of which {@link #remains} says more
     */
    TrainingResult fit(
            final Trainer trainer,
            final @Nullable CheckpointFolder checkpoints,
            final Function<Trainer, TrainingResult> fit) {
        if (checkpoints != null) {
            trainer.checkpoints(Ending.persistent(checkpoints)).resume(resume);
        }
        if (steps != null) {
            trainer.checkpointEvery(steps);
        }
        try {
            return fit.apply(trainer);
        } catch (final IllegalArgumentException e) {
            throw new UserException(
                    resume
                            ? e.getMessage() + " (" + folder
                                    + "); go on with the data and options of that run, or start"
                                    + " another one in a new folder"
                            : String.valueOf(e.getMessage()));
        }
    }

    /** What is said of the checkpoint of a run that has diverged, if there is one. */
    String remains(final @Nullable CheckpointFolder checkpoints) {
        return checkpoints != null && checkpoints.exists()
                ? "; the last checkpoint before that remains in " + folder
                : "";
    }

    /**
     * Says where a run goes on.
     *
     * @param text where to
     * @param epochs all epochs of the run
     */
    record Resumed(PrintWriter text, int epochs) implements TrainingListener {
        @Override
        public void onResume(final TrainingState state) {
            final String steps = "step " + Text.count(state.session().steps());
            if (state.epoch() > epochs) {
                text.println("going on after " + steps + ": all " + epochs + " epochs are made");
            } else {
                text.println(Text.format(
                        "going on after %s, in epoch %d of %d%s",
                        steps,
                        state.epoch(),
                        epochs,
                        state.rows() == 0 ? "" : ", of which " + Text.count(state.rows()) + " rows are learnt from"));
            }
        }
    }
}
