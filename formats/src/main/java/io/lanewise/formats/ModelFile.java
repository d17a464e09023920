package io.lanewise.formats;

import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Standardization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Models as safetensors files. For each dense layer i there is a tensor {@code layers.i.weight} of the shape (inputs,
 * outputs) and {@code layers.i.bias} (outputs), for other layers those that {@link Layer#tensors} names; for a model
 * that standardises its features {@code input.mean} and {@code input.scale} (inputs). Architecture and names are in the
 * file's metadata. Safe for use by several threads.
 */
public final class ModelFile {
    private static final FileKind KIND = new FileKind("lanewise", "model", 1);
    private static final String MEAN = "input.mean";
    private static final String SCALE = "input.scale";

    private ModelFile() {}

    /**
     * Reads a model: equal to the one written, bit for bit.
     *
     * @throws FormatException if the file is not one that {@link #write} gives
     * @throws IOException if the file cannot be read
     */
    public static Model read(final Path file) throws IOException {
        try (Safetensors tensors = Safetensors.open(file)) {
            KIND.check(file, tensors);
            final ModelDescription description = ModelDescription.parse(
                    file, ModelDescription.METADATA_KEY, FileKind.text(file, tensors, ModelDescription.METADATA_KEY));
            final boolean standardized =
                    tensors.tensor(MEAN).isPresent() || tensors.tensor(SCALE).isPresent();
            checkTensors(file, tensors, description.mlp(), standardized);
            final Model model = Model.of(LayerTensors.read(tensors, "", description.mlp()))
                    .withNames(description.featureNames(), description.outputNames(), description.targetName());
            return standardized
                    ? model.withStandardization(Standardization.of(tensors.read(MEAN), tensors.read(SCALE)))
                    : model;
        }
    }

    /**
     * Writes a model, whole or not at all as {@link AtomicFile} does. The same model gives the same bytes.
     *
     * @throws IllegalArgumentException if a name is not Unicode
     * @throws IOException if the file cannot be written
     */
    public static void write(final Model model, final Path file) throws IOException {
        final List<FloatTensor> tensors = new ArrayList<>(LayerTensors.of("", model.parameters()));
        model.standardization().ifPresent(standardization -> {
            final List<Long> shape = List.of((long) standardization.features());
            tensors.add(new FloatTensor(MEAN, shape, standardization.mean(), 0));
            tensors.add(new FloatTensor(SCALE, shape, standardization.scale(), 0));
        });
        final Map<String, String> metadata = KIND.metadata(
                Map.of(ModelDescription.METADATA_KEY, ModelDescription.of(model).toJson()));
        Safetensors.write(file, metadata, tensors);
    }

    /** Checks before anything is allocated that there are the tensors of the architecture, and no others. */
    private static void checkTensors(
            final Path file, final Safetensors tensors, final Mlp mlp, final boolean standardized)
            throws FormatException {
        int expected = LayerTensors.check(file, tensors, "", mlp);
        if (standardized) {
            final List<Long> shape = List.of((long) mlp.inputs());
            LayerTensors.check(file, tensors, MEAN, shape);
            LayerTensors.check(file, tensors, SCALE, shape);
            expected += 2;
        }
        LayerTensors.checkCount(file, tensors, mlp, expected);
    }
}
