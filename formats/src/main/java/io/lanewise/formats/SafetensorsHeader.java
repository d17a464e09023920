package io.lanewise.formats;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The header of a safetensors file: JSON that names each tensor's type, shape and place in the data.
 *
 * @param metadata texts about the file, by key
 * @param tensors in the order of their data
 */
record SafetensorsHeader(SortedMap<String, String> metadata, List<TensorInfo> tensors) {
    /** The key that is no tensor. */
    static final String METADATA = "__metadata__";

    /** The longest header that the format allows, in bytes. */
    static final int MAX_LENGTH = StrictJson.MAX_LENGTH;

    private static final int ALIGNMENT = 8;
    private static final Map<String, DType> DTYPES =
            Arrays.stream(DType.values()).collect(Collectors.toUnmodifiableMap(DType::name, Function.identity()));

    /**
     * Parses and checks a header: every tensor's data follows that of the one before, without a gap, to the end.
     *
     * @param dataSize how many bytes follow the header in the file
     */
    static SafetensorsHeader parse(final Path file, final byte[] text, final long dataSize) throws FormatException {
        final SortedMap<String, String> metadata = new TreeMap<>();
        final List<TensorInfo> tensors = new ArrayList<>();
        try (StrictJson json = StrictJson.of(file, "header", text)) {
            json.object("the header", key -> {
                if (key.equals(METADATA)) {
                    json.object(METADATA, name -> metadata.put(name, json.string("metadata " + Quoted.of(name))));
                } else {
                    json.about(key);
                    tensors.add(tensor(json, key));
                    json.about(null);
                }
            });
            json.end();
            tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
            checkContiguous(json, tensors, dataSize);
        }
        return new SafetensorsHeader(metadata, tensors);
    }

    private static TensorInfo tensor(final StrictJson json, final String name) throws FormatException {
        final Fields fields = new Fields();
        json.object("the entry", key -> {
            switch (key) {
                case "dtype" -> fields.dtype = dtype(json);
                case "shape" -> fields.shape = json.sizes("shape");
                case "data_offsets" -> fields.offsets = json.sizes("data_offsets");
                default -> throw json.wrong("expected dtype, shape and data_offsets, got " + Quoted.of(key));
            }
        });
        final DType dtype = fields.dtype;
        final List<Long> shape = fields.shape;
        final List<Long> offsets = fields.offsets;
        if (dtype == null || shape == null || offsets == null) {
            throw json.wrong("expected dtype, shape and data_offsets, of which one is missing");
        }
        if (offsets.size() != 2) {
            throw json.wrong("data_offsets: expected 2 numbers, got " + offsets.size());
        }
        final TensorInfo tensor = new TensorInfo(name, dtype, shape, offsets.get(0), offsets.get(1));
        checkSize(json, tensor);
        return tensor;
    }

    private static DType dtype(final StrictJson json) throws FormatException {
        final String name = json.string("dtype");
        final DType dtype = DTYPES.get(name);
        if (dtype == null) {
            throw json.wrong("dtype: expected one of " + Arrays.toString(DType.values()) + ", got " + Quoted.of(name));
        }
        return dtype;
    }

    private static void checkSize(final StrictJson json, final TensorInfo tensor) throws FormatException {
        if (tensor.end() < tensor.begin()) {
            throw json.wrong("data_offsets: expected an end of at least " + tensor.begin() + ", got " + tensor.end());
        }
        final long bits;
        try {
            bits = Math.multiplyExact(tensor.elements(), tensor.dtype().bits());
        } catch (final ArithmeticException e) {
            throw json.wrong("shape: expected a size that fits 63 bits, got the dimensions " + dimensions(tensor));
        }
        if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != tensor.end() - tensor.begin()) {
            throw json.wrong("expected " + bits + " bits of data for " + tensor.dtype() + " "
                    + dimensions(tensor) + ", got data_offsets that span " + (tensor.end() - tensor.begin())
                    + " bytes");
        }
    }

    private static String dimensions(final TensorInfo tensor) {
        return Quoted.plain(tensor.shape().stream().limit(100).toList().toString(), 200);
    }

    private static void checkContiguous(final StrictJson json, final List<TensorInfo> tensors, final long dataSize)
            throws FormatException {
        long end = 0;
        for (final TensorInfo tensor : tensors) {
            if (tensor.begin() != end) {
                json.about(tensor.name());
                throw json.wrong("data_offsets: expected a begin of " + end + ", where the data before it ends, got "
                        + tensor.begin());
            }
            end = tensor.end();
        }
        if (end != dataSize) {
            throw json.wrong("expected " + end + " bytes of tensor data to follow, got " + dataSize
                    + ": the file is incomplete or damaged");
        }
    }

    /** Places tensors one after the other, in the order of their names. */
    static SafetensorsHeader of(final Map<String, String> metadata, final List<FloatTensor> tensors) {
        final List<TensorInfo> infos = new ArrayList<>();
        long end = 0;
        for (final FloatTensor tensor : tensors) {
            final long begin = end;
            end += (long) tensor.elements() * Float.BYTES;
            infos.add(new TensorInfo(tensor.name(), DType.F32, tensor.shape(), begin, end));
        }
        return new SafetensorsHeader(new TreeMap<>(metadata), infos);
    }

    /** The text, with spaces at its end so that the data that follows is aligned. */
    byte[] text() {
        final byte[] text = StrictJson.write(this::write).getBytes(StandardCharsets.UTF_8);
        final int length = Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT;
        final byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) ' ');
        return padded;
    }

    private void write(final JsonGenerator json) {
        json.writeStartObject();
        if (!metadata.isEmpty()) {
            json.writeObjectPropertyStart(METADATA);
            metadata.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        for (final TensorInfo tensor : tensors) {
            json.writeObjectPropertyStart(tensor.name());
            json.writeStringProperty("dtype", tensor.dtype().name());
            json.writeArrayPropertyStart("shape");
            tensor.shape().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeArrayPropertyStart("data_offsets");
            json.writeNumber(tensor.begin());
            json.writeNumber(tensor.end());
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** What was read of a tensor so far. */
    private static final class Fields {
        private @Nullable DType dtype;
        private @Nullable List<Long> shape;
        private @Nullable List<Long> offsets;
    }
}
