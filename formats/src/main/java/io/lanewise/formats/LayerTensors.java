package io.lanewise.formats;

import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parameters as tensors of a file: {@code layers.0.weight} and so on behind a prefix, as {@link Layer#tensors} names
 * them.
 */
final class LayerTensors {
    private LayerTensors() {}

    /** A tensor, and where it is in the flat array of parameters. */
    private record Placed(String name, List<Long> shape, int offset) {}

    /** Parameters to be written. */
    static List<FloatTensor> of(final String prefix, final Parameters parameters) {
        final float[] values = parameters.toArray();
        return placed(prefix, parameters.mlp()).stream()
                .map(tensor -> new FloatTensor(tensor.name(), tensor.shape(), values, tensor.offset()))
                .toList();
    }

    /**
     * Checks before anything is allocated that there are the tensors of an architecture.
     *
     * @return how many they are
     */
    static int check(final Path file, final Safetensors tensors, final String prefix, final Mlp mlp)
            throws FormatException {
        final List<Placed> layers = placed(prefix, mlp);
        for (final Placed tensor : layers) {
            check(file, tensors, tensor.name(), tensor.shape());
        }
        return layers.size();
    }

    /** Checks that there is a tensor. */
    static void check(final Path file, final Safetensors tensors, final String name, final List<Long> shape)
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

    /** Checks that there are no others than those that were found. */
    static void checkCount(final Path file, final Safetensors tensors, final Mlp mlp, final int expected)
            throws FormatException {
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

    /** Reads parameters that {@link #check} has found. */
    static Parameters read(final Safetensors tensors, final String prefix, final Mlp mlp) throws IOException {
        final float[] values = new float[mlp.parameterCount()];
        for (final Placed tensor : placed(prefix, mlp)) {
            tensors.read(tensors.tensor(tensor.name()).orElseThrow(), values, tensor.offset());
        }
        return Parameters.of(mlp, values);
    }

    private static List<Placed> placed(final String prefix, final Mlp mlp) {
        final List<Placed> all = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < mlp.layers().size(); i++) {
            for (final Layer.Tensor tensor : mlp.layers().get(i).tensors()) {
                all.add(new Placed(
                        prefix + "layers." + i + "." + tensor.name(),
                        tensor.shape().stream().map(Integer::longValue).toList(),
                        offset));
                offset += (int) tensor.size();
            }
        }
        return all;
    }
}
