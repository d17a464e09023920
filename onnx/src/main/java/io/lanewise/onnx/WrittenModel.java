package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.lanewise.formats.FormatException;
import io.lanewise.formats.ModelDescription;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the model that {@link OnnxWriter} made a graph of: that of the metadata and the constants, provided that its
 * graph is the one in the file, node by node. So dropout, names and every bit survive, and metadata of a graph that
 * somebody has changed are not believed.
 */
final class WrittenModel {
    private final Map<String, TensorProto> constants = new HashMap<>();

    private WrittenModel(final ModelProto file) {
        file.getGraph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    }

    /** The very model that was written; none if the graph is another one. */
    static Optional<Model> of(final Path name, final ModelProto file) {
        final int opset = opset(file);
        final @Nullable String text = metadata(file);
        if (opset < Onnx.OLDEST_OPSET || opset > Onnx.NEWEST_OPSET || text == null) {
            return Optional.empty();
        }
        try {
            final ModelDescription description = ModelDescription.parse(name, ModelDescription.METADATA_KEY, text);
            return new WrittenModel(file)
                    .model(description)
                    .filter(model -> OnnxWriter.write(model, opset).getGraph().equals(file.getGraph()));
        } catch (final FormatException e) {
            return Optional.empty(); // somebody else's metadata
        }
    }

    private static int opset(final ModelProto file) {
        final List<OperatorSetIdProto> sets = file.getOpsetImportList();
        final boolean one = sets.size() == 1 && sets.getFirst().getDomain().isEmpty();
        return one ? Math.clamp(sets.getFirst().getVersion(), 0, Integer.MAX_VALUE) : 0;
    }

    private static @Nullable String metadata(final ModelProto file) {
        return file.getMetadataPropsList().stream()
                .filter(entry -> entry.getKey().equals(ModelDescription.METADATA_KEY))
                .map(StringStringEntryProto::getValue)
                .findFirst()
                .orElse(null);
    }

    private Optional<Model> model(final ModelDescription description) {
        final Mlp mlp = description.mlp();
        if (!hasConstants(mlp)) {
            return Optional.empty();
        }
        final float[] values = new float[mlp.parameterCount()];
        int offset = 0;
        for (int i = 0; i < mlp.layers().size(); i++) {
            for (final Layer.Tensor tensor : mlp.layers().get(i).tensors()) {
                read(OnnxWriter.constant(i, tensor), values, offset, (int) tensor.size());
                offset += (int) tensor.size();
            }
        }
        final Model model = Model.of(Parameters.of(mlp, values))
                .withNames(description.featureNames(), description.outputNames(), description.targetName());
        if (!has(OnnxWriter.MEAN, mlp.inputs()) || !has(OnnxWriter.SCALE, mlp.inputs())) {
            return Optional.of(model);
        }
        final float[] mean = new float[mlp.inputs()];
        final float[] scale = new float[mlp.inputs()];
        read(OnnxWriter.MEAN, mean, 0, mean.length);
        read(OnnxWriter.SCALE, scale, 0, scale.length);
        return Optional.of(model.withStandardization(Standardization.of(mean, scale)));
    }

    /** Whether the data of all layers are there; looked at before anything is allocated. */
    private boolean hasConstants(final Mlp mlp) {
        for (int i = 0; i < mlp.layers().size(); i++) {
            for (final Layer.Tensor tensor : mlp.layers().get(i).tensors()) {
                if (!has(OnnxWriter.constant(i, tensor), tensor.size())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean has(final String name, final long elements) {
        final TensorProto tensor = constants.get(name);
        return tensor != null && tensor.getRawData().size() == elements * Float.BYTES;
    }

    private void read(final String name, final float[] target, final int offset, final int count) {
        final TensorProto tensor = constants.get(name);
        if (tensor != null) {
            tensor.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(target, offset, count);
        }
    }
}
