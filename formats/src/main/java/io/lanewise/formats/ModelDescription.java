package io.lanewise.formats;

import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * All of a model but its numbers, and how that is written as one JSON object: in the metadata of files.
 *
 * @param mlp layers and head
 * @param featureNames one for each input, or none
 * @param outputNames one for each output, or none; or of two classes that a sigmoid head with one output tells apart
 * @param targetName what is predicted, or empty
 */
public record ModelDescription(Mlp mlp, List<String> featureNames, List<String> outputNames, String targetName) {
    /** The key under which metadata hold it. */
    public static final String METADATA_KEY = "lanewise.model";

    private static final String LAYERS = "layers";
    private static final String HEAD = "head";
    private static final String FEATURE_NAMES = "featureNames";
    private static final String OUTPUT_NAMES = "outputNames";
    private static final String TARGET_NAME = "targetName";

    /** Copies the lists. */
    public ModelDescription {
        featureNames = List.copyOf(featureNames);
        outputNames = List.copyOf(outputNames);
    }

    /** That of a model. */
    public static ModelDescription of(final Model model) {
        return new ModelDescription(model.mlp(), model.featureNames(), model.outputNames(), model.targetName());
    }

    /** The JSON object. */
    public String toJson() {
        return StrictJson.write(this::write);
    }

    private void write(final JsonGenerator json) {
        json.writeStartObject();
        json.writeArrayPropertyStart(LAYERS);
        mlp.layers().forEach(layer -> LayerJson.write(json, layer));
        json.writeEndArray();
        json.writeStringProperty(HEAD, Names.of(mlp.head()));
        write(json, FEATURE_NAMES, featureNames);
        write(json, OUTPUT_NAMES, outputNames);
        json.writeStringProperty(TARGET_NAME, targetName);
        json.writeEndObject();
    }

    private static void write(final JsonGenerator json, final String key, final List<String> names) {
        json.writeArrayPropertyStart(key);
        names.forEach(json::writeString);
        json.writeEndArray();
    }

    /**
     * Parses a JSON object.
     *
     * @param file the file that it is in, for messages
     * @param place where messages say that it is, such as {@link #METADATA_KEY}
     * @throws FormatException if it is not a description, or what it says does not fit together
     */
    public static ModelDescription parse(final Path file, final String place, final String text)
            throws FormatException {
        try (StrictJson json = StrictJson.of(file, place, text)) {
            final Fields fields = new Fields();
            json.object("the model", key -> {
                switch (key) {
                    case LAYERS ->
                        json.array(LAYERS, () -> fields.layers.add(LayerJson.read(json, fields.layers.size())));
                    case HEAD -> fields.head = constant(json, HEAD, Head.class);
                    case FEATURE_NAMES -> fields.featureNames = json.strings(FEATURE_NAMES);
                    case OUTPUT_NAMES -> fields.outputNames = json.strings(OUTPUT_NAMES);
                    case TARGET_NAME -> fields.targetName = json.string(TARGET_NAME);
                    default -> throw unknown(json, "the model", key);
                }
            });
            json.end();
            return description(json, fields);
        }
    }

    private static ModelDescription description(final StrictJson json, final Fields fields) throws FormatException {
        final Head head = fields.head;
        if (head == null) {
            throw json.wrong("expected a head, got none");
        }
        final Mlp mlp;
        try {
            mlp = new Mlp(fields.layers, head);
        } catch (final IllegalArgumentException e) {
            throw json.wrong(String.valueOf(e.getMessage()));
        }
        checkNames(json, FEATURE_NAMES, mlp.inputs(), fields.featureNames);
        final boolean twoClasses = head == Head.SIGMOID && mlp.outputs() == 1 && fields.outputNames.size() == 2;
        checkNames(json, OUTPUT_NAMES, twoClasses ? 2 : mlp.outputs(), fields.outputNames);
        return new ModelDescription(mlp, fields.featureNames, fields.outputNames, fields.targetName);
    }

    private static void checkNames(
            final StrictJson json, final String key, final int expected, final List<String> names)
            throws FormatException {
        if (!names.isEmpty() && names.size() != expected) {
            throw json.wrong(key + ": expected " + expected + " names or none, got " + names.size());
        }
    }

    static <E extends Enum<E>> E constant(final StrictJson json, final String what, final Class<E> type)
            throws FormatException {
        final String name = json.string(what);
        try {
            return Names.parse(type, name);
        } catch (final IllegalArgumentException e) {
            throw json.wrong(what + ": expected one of " + Names.all(type) + ", got " + Quoted.of(name));
        }
    }

    static FormatException unknown(final StrictJson json, final String what, final String key) {
        return json.wrong(what + ": expected nothing called " + Quoted.of(key));
    }

    /** What was read of a model so far. */
    private static final class Fields {
        private final List<Layer> layers = new ArrayList<>();
        private @Nullable Head head;
        private List<String> featureNames = List.of();
        private List<String> outputNames = List.of();
        private String targetName = "";
    }
}
