package io.lanewise.formats;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * How a layer is written as a JSON object: {@code inputs}, {@code outputs} and {@code activation} of a dense layer; of
 * the others a {@code kind}, a {@code width} and what else they have.
 */
final class LayerJson {
    private static final String INPUTS = "inputs";
    private static final String OUTPUTS = "outputs";
    private static final String ACTIVATION = "activation";
    private static final String KIND = "kind";
    private static final String WIDTH = "width";
    private static final String EPSILON = "epsilon";
    private static final String RATE = "rate";
    private static final String FROM = "from";

    private enum Kind {
        DENSE,
        LAYER_NORM,
        BATCH_NORM,
        ACTIVATION,
        DROPOUT,
        ADD
    }

    // What was read so far.
    private final StrictJson json;
    private final String what;
    private Kind kind = Kind.DENSE;
    private int inputs;
    private int outputs;
    private int width;
    private @Nullable Activation activation;
    private @Nullable Float epsilon;
    private @Nullable Float rate;
    private int from = Add.INPUT;

    private LayerJson(final StrictJson json, final String what) {
        this.json = json;
        this.what = what;
    }

    static void write(final JsonGenerator json, final Layer layer) {
        json.writeStartObject();
        switch (layer) {
            case Dense dense -> {
                json.writeNumberProperty(INPUTS, dense.inputs());
                json.writeNumberProperty(OUTPUTS, dense.outputs());
                json.writeStringProperty(ACTIVATION, Names.of(dense.activation()));
            }
            case LayerNorm norm -> {
                start(json, Kind.LAYER_NORM, layer);
                json.writeNumberProperty(EPSILON, norm.epsilon());
            }
            case BatchNorm norm -> {
                start(json, Kind.BATCH_NORM, layer);
                json.writeNumberProperty(EPSILON, norm.epsilon());
            }
            case ActivationLayer f -> {
                start(json, Kind.ACTIVATION, layer);
                json.writeStringProperty(ACTIVATION, Names.of(f.activation()));
            }
            case Dropout dropout -> {
                start(json, Kind.DROPOUT, layer);
                json.writeNumberProperty(RATE, dropout.rate());
            }
            case Add add -> {
                start(json, Kind.ADD, layer);
                if (add.from() != Add.INPUT) { // without it, the network's input
                    json.writeNumberProperty(FROM, add.from());
                }
            }
        }
        json.writeEndObject();
    }

    private static void start(final JsonGenerator json, final Kind kind, final Layer layer) {
        json.writeStringProperty(KIND, Names.of(kind));
        json.writeNumberProperty(WIDTH, layer.inputs());
    }

    static Layer read(final StrictJson json, final int number) throws FormatException {
        final LayerJson fields = new LayerJson(json, "layer " + number);
        json.object(fields.what, fields::member);
        try {
            return fields.layer();
        } catch (final IllegalArgumentException e) {
            throw json.wrong(fields.what + ": " + e.getMessage());
        }
    }

    private void member(final String key) throws FormatException {
        switch (key) {
            case KIND -> kind = ModelDescription.constant(json, what + ", kind", Kind.class);
            case INPUTS -> inputs = width(key);
            case OUTPUTS -> outputs = width(key);
            case WIDTH -> width = width(key);
            case ACTIVATION -> activation = ModelDescription.constant(json, what + ", activation", Activation.class);
            case EPSILON -> epsilon = json.number(what + ", epsilon");
            case RATE -> rate = json.number(what + ", rate");
            case FROM -> from = (int) Math.min(Integer.MAX_VALUE, json.size(what + ", from"));
            default -> throw ModelDescription.unknown(json, what, key);
        }
    }

    private int width(final String key) throws FormatException {
        final long value = json.size(what + ", " + key);
        if (value < 1 || value > Dense.MAX_WIDTH) {
            throw json.wrong(what + ", " + key + ": expected 1 to " + Dense.MAX_WIDTH + ", got " + value);
        }
        return (int) value;
    }

    private Layer layer() throws FormatException {
        final boolean dense = kind == Kind.DENSE;
        only(INPUTS, inputs != 0, dense);
        only(OUTPUTS, outputs != 0, dense);
        only(WIDTH, width != 0, !dense);
        only(ACTIVATION, activation != null, dense || kind == Kind.ACTIVATION);
        only(EPSILON, epsilon != null, kind == Kind.LAYER_NORM || kind == Kind.BATCH_NORM);
        only(RATE, rate != null, kind == Kind.DROPOUT);
        if (kind != Kind.ADD && from != Add.INPUT) {
            only(FROM, true, false);
        }
        final Activation f = activation == null ? Activation.IDENTITY : activation;
        final float number = epsilon != null ? epsilon : rate != null ? rate : 0f;
        return switch (kind) {
            case DENSE -> new Dense(inputs, outputs, f);
            case LAYER_NORM -> new LayerNorm(width, number);
            case BATCH_NORM -> new BatchNorm(width, number);
            case ACTIVATION -> new ActivationLayer(width, f);
            case DROPOUT -> new Dropout(width, number);
            case ADD -> new Add(width, from);
        };
    }

    /** Checks that a member is there exactly where the kind of layer has it. */
    private void only(final String key, final boolean there, final boolean expected) throws FormatException {
        if (there != expected) {
            throw json.wrong(what + " (" + Names.of(kind) + "): "
                    + (expected ? "expected '" + key + "', got none" : "expected no '" + key + "'"));
        }
    }
}
