package io.lanewise.formats;

import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models as safetensors files. For each dense layer i there is a tensor {@code layers.i.weight} of the shape (inputs,
 * outputs) and {@code layers.i.bias} (outputs), for other layers those that {@link Layer#tensors} names; for a model
 * that standardises its features {@code input.mean} and {@code input.scale} (inputs). Architecture and names are in the
 * file's metadata. Safe for use by several threads.
 */
public final class ModelFile {
    private static final String FORMAT_KEY = "format";
    private static final String FORMAT = "lanewise";
    private static final String VERSION_KEY = "lanewise.version";
    private static final int VERSION = 1;
    private static final String MODEL_KEY = "lanewise.model";
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
            final ModelDescription description = description(file, tensors);
            final boolean standardized =
                    tensors.tensor(MEAN).isPresent() || tensors.tensor(SCALE).isPresent();
            checkTensors(file, tensors, description.mlp(), standardized);
            final Model model = Model.of(parameters(tensors, description.mlp()))
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
        final List<FloatTensor> tensors = new ArrayList<>();
        final float[] values = model.parameters().toArray();
        for (final Placed tensor : placed(model.mlp())) {
            tensors.add(new FloatTensor(tensor.name(), tensor.shape(), values, tensor.offset()));
        }
        model.standardization().ifPresent(standardization -> {
            final List<Long> shape = List.of((long) standardization.features());
            tensors.add(new FloatTensor(MEAN, shape, standardization.mean(), 0));
            tensors.add(new FloatTensor(SCALE, shape, standardization.scale(), 0));
        });
        final Map<String, String> metadata = Map.of(
                FORMAT_KEY, FORMAT,
                VERSION_KEY, Integer.toString(VERSION),
                MODEL_KEY, ModelDescription.of(model).toJson());
        Safetensors.write(file, metadata, tensors);
    }

    private static ModelDescription description(final Path file, final Safetensors tensors) throws FormatException {
        final String format = tensors.metadata().get(FORMAT_KEY);
        if (!FORMAT.equals(format)) {
            throw new FormatException(
                    file,
                    "expected a Lanewise model, got a safetensors file "
                            + (format == null ? "of no stated format" : "of the format " + Quoted.of(format))
                            + " with these tensors: "
                            + Quoted.list(tensors.tensors().stream()
                                    .map(TensorInfo::name)
                                    .toList()));
        }
        final String version = tensors.metadata().getOrDefault(VERSION_KEY, "");
        if (!version.equals(Integer.toString(VERSION))) {
            throw new FormatException(
                    file,
                    "expected a model of version " + VERSION + ", got "
                            + (version.matches("[1-9][0-9]{0,8}")
                                    ? "version " + version + "; read it with a newer Lanewise"
                                    : "version " + Quoted.of(version)));
        }
        final String json = tensors.metadata().get(MODEL_KEY);
        if (json == null) {
            throw new FormatException(file, "expected metadata '" + MODEL_KEY + "', got none");
        }
        return ModelDescription.parse(file, MODEL_KEY, json);
    }

    /** Checks before anything is allocated that there are the tensors of the architecture, and no others. */
    private static void checkTensors(
            final Path file, final Safetensors tensors, final Mlp mlp, final boolean standardized)
            throws FormatException {
        final List<Placed> layers = placed(mlp);
        for (final Placed tensor : layers) {
            checkTensor(file, tensors, tensor.name(), tensor.shape());
        }
        int expected = layers.size();
        if (standardized) {
            checkTensor(file, tensors, MEAN, List.of((long) mlp.inputs()));
            checkTensor(file, tensors, SCALE, List.of((long) mlp.inputs()));
            expected += 2;
        }
        if (tensors.tensors().size() != expected) {
            throw new FormatException(
                    file,
                    "expected " + expected + " tensors for " + Quoted.plain(mlp.toString(), 200) + ", got "
                            + tensors.tensors().size() + ": "
                            + Quoted.list(tensors.tensors().stream()
                                    .map(TensorInfo::name)
                                    .toList()));
        }
    }

    private static void checkTensor(
            final Path file, final Safetensors tensors, final String name, final List<Long> shape)
            throws FormatException {
        final Optional<TensorInfo> tensor = tensors.tensor(name);
        if (tensor.isEmpty()) {
            throw new FormatException(file, "expected a tensor '" + name + "' of the shape " + shape + ", got none");
        }
        if (tensor.get().dtype() != DType.F32 || !tensor.get().shape().equals(shape)) {
            throw new FormatException(
                    file,
                    "tensor '" + name + "': expected F32 " + shape + ", got "
                            + tensor.get().dtype() + " "
                            + Quoted.plain(tensor.get().shape().toString(), 200));
        }
    }

    private static Parameters parameters(final Safetensors tensors, final Mlp mlp) throws IOException {
        final float[] values = new float[mlp.parameterCount()];
        for (final Placed tensor : placed(mlp)) {
            tensors.read(tensors.tensor(tensor.name()).orElseThrow(), values, tensor.offset());
        }
        return Parameters.of(mlp, values);
    }

    /** All tensors of the layers, and where they are in the flat array of parameters. */
    private static List<Placed> placed(final Mlp mlp) {
        final List<Placed> all = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < mlp.layers().size(); i++) {
            for (final Layer.Tensor tensor : mlp.layers().get(i).tensors()) {
                all.add(new Placed(
                        "layers." + i + "." + tensor.name(),
                        tensor.shape().stream().map(Integer::longValue).toList(),
                        offset));
                offset += (int) tensor.size();
            }
        }
        return all;
    }

    private record Placed(String name, List<Long> shape, int offset) {}
}
