package io.lanewise.formats;

import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.SessionState;
import io.lanewise.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state of a training run as a safetensors file; {@link CheckpointFolder} describes it. */
final class CheckpointFile {
    private static final FileKind KIND = new FileKind("lanewise-checkpoint", "checkpoint", 1);
    private static final String TRAINING_KEY = "lanewise.training";
    private static final String FIRST_MOMENT = "optimizer.first_moment";
    private static final String SECOND_MOMENT = "optimizer.second_moment";
    private static final String BEST = "best.";

    private CheckpointFile() {}

    static void write(final TrainingState state, final Path file) throws IOException {
        final Parameters parameters = state.session().parameters();
        final List<FloatTensor> tensors = new ArrayList<>(LayerTensors.of("", parameters));
        addMoment(tensors, FIRST_MOMENT, state.session().firstMoment());
        addMoment(tensors, SECOND_MOMENT, state.session().secondMoment());
        final Parameters best = state.best();
        if (best != null) {
            if (!best.mlp().equals(parameters.mlp())) {
                throw new IllegalArgumentException("expected the best parameters to be of " + parameters.mlp()
                        + " too, got those of " + best.mlp());
            }
            tensors.addAll(LayerTensors.of(BEST, best));
        }
        final Map<String, String> metadata = KIND.metadata(Map.of(
                ModelDescription.METADATA_KEY,
                ModelDescription.of(Model.of(parameters)).toJson(),
                TRAINING_KEY,
                TrainingDescription.of(state).toJson()));
        Safetensors.write(file, metadata, tensors);
    }

    private static void addMoment(final List<FloatTensor> tensors, final String name, final float[] moment) {
        if (moment.length > 0) {
            tensors.add(new FloatTensor(name, List.of((long) moment.length), moment, 0));
        }
    }

    static TrainingState read(final Path file) throws IOException {
        try (Safetensors tensors = Safetensors.open(file)) {
            KIND.check(file, tensors);
            final Mlp mlp = ModelDescription.parse(
                            file,
                            ModelDescription.METADATA_KEY,
                            FileKind.text(file, tensors, ModelDescription.METADATA_KEY))
                    .mlp();
            final TrainingDescription description =
                    TrainingDescription.parse(file, TRAINING_KEY, FileKind.text(file, tensors, TRAINING_KEY));
            final boolean hasBest =
                    tensors.tensors().stream().anyMatch(tensor -> tensor.name().startsWith(BEST));
            checkTensors(file, tensors, mlp, hasBest);
            final SessionState session = SessionState.of(
                    LayerTensors.read(tensors, "", mlp),
                    description.optimizer(),
                    moment(tensors, FIRST_MOMENT),
                    moment(tensors, SECOND_MOMENT),
                    description.steps());
            final Parameters best = hasBest ? LayerTensors.read(tensors, BEST, mlp) : null;
            try {
                return new TrainingState(
                        description.run(),
                        session,
                        description.epoch(),
                        description.rows(),
                        description.lossSum(),
                        description.weightSum(),
                        description.stopping(),
                        description.plateau(),
                        best,
                        description.history());
            } catch (final IllegalArgumentException e) {
                throw new FormatException(file, TRAINING_KEY + ": " + e.getMessage(), e);
            }
        }
    }

    /** Checks before anything is allocated that there are the tensors of the state, and no others. */
    private static void checkTensors(final Path file, final Safetensors tensors, final Mlp mlp, final boolean hasBest)
            throws FormatException {
        int expected = LayerTensors.check(file, tensors, "", mlp);
        if (hasBest) {
            expected += LayerTensors.check(file, tensors, BEST, mlp);
        }
        for (final String moment : List.of(FIRST_MOMENT, SECOND_MOMENT)) {
            if (tensors.tensor(moment).isPresent()) {
                LayerTensors.check(file, tensors, moment, List.of((long) mlp.parameterCount()));
                expected++;
            }
        }
        LayerTensors.checkCount(file, tensors, mlp, expected);
    }

    private static float[] moment(final Safetensors tensors, final String name) throws IOException {
        return tensors.tensor(name).isPresent() ? tensors.read(name) : new float[0];
    }
}
