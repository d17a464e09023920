package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Reads constants: raw or typed fields, or in a file beside the model. Sizes are checked before anything is allocated. */
final class TensorReader {
    private final ExternalData external;
    private final Budget budget;

    TensorReader(final ExternalData external, final Budget budget) {
        this.external = external;
        this.budget = budget;
    }

    Tensor read(final TensorProto tensor) {
        final ElementType type = ElementType.of(tensor.getDataType());
        final int[] shape = new int[tensor.getDimsCount()];
        for (int i = 0; i < shape.length; i++) {
            final long dimension = tensor.getDims(i);
            if (dimension < 0 || dimension > Integer.MAX_VALUE) {
                throw new Refusal("expected dimensions from 0 to 2^31, got " + tensor.getDimsList());
            }
            shape[i] = (int) dimension;
        }
        if (tensor.hasSegment()) {
            throw new Refusal("expected a whole constant, got a segment of one");
        }
        final int size = (int) Tensor.size(shape);
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return raw(type, shape, external.read(tensor, (long) size * type.bytes(), budget));
        }
        if (tensor.getExternalDataCount() > 0) {
            throw new Refusal("expected data in the file, got also a place beside it");
        }
        return tensor.hasRawData()
                ? raw(type, shape, tensor.getRawData().asReadOnlyByteBuffer())
                : typed(type, shape, tensor);
    }

    private Tensor raw(final ElementType type, final int[] shape, final ByteBuffer bytes) {
        final long expected = Tensor.size(shape) * type.bytes();
        if (type.isText() || bytes.remaining() != expected) {
            throw new Refusal("expected " + expected + " bytes for " + type + Arrays.toString(shape) + ", got "
                    + bytes.remaining());
        }
        final ByteBuffer b = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case FLOAT -> reals(type, shape, i -> b.getFloat(4 * i));
            case DOUBLE -> reals(type, shape, i -> b.getDouble(8 * i));
            case FLOAT16 -> reals(type, shape, i -> Float.float16ToFloat(b.getShort(2 * i)));
            case BFLOAT16 -> reals(type, shape, i -> Float.intBitsToFloat(b.getShort(2 * i) << 16));
            case UINT8, INT8, BOOL -> integers(type, shape, b::get);
            case UINT16, INT16 -> integers(type, shape, i -> b.getShort(2 * i));
            case INT32, UINT32 -> integers(type, shape, i -> b.getInt(4 * i));
            case INT64, UINT64 -> integers(type, shape, i -> b.getLong(8 * i));
            case STRING -> throw new Refusal("expected strings in their field, got raw data");
        };
    }

    private Tensor typed(final ElementType type, final int[] shape, final TensorProto tensor) {
        final int count = switch (type) {
            case FLOAT -> tensor.getFloatDataCount();
            case DOUBLE -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32, UINT64 -> tensor.getUint64DataCount();
            case STRING -> tensor.getStringDataCount();
            default -> tensor.getInt32DataCount();
        };
        if (count != Tensor.size(shape)) {
            throw new Refusal("expected " + Tensor.size(shape) + " elements for " + type + Arrays.toString(shape)
                    + ", got " + count);
        }
        return switch (type) {
            case FLOAT -> reals(type, shape, tensor::getFloatData);
            case DOUBLE -> reals(type, shape, tensor::getDoubleData);
            case FLOAT16 -> reals(type, shape, i -> Float.float16ToFloat((short) tensor.getInt32Data(i)));
            case BFLOAT16 -> reals(type, shape, i -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16));
            case INT64 -> integers(type, shape, tensor::getInt64Data);
            case UINT32, UINT64 -> integers(type, shape, tensor::getUint64Data);
            case STRING ->
                Tensor.ofTexts(
                        tensor.getStringDataList().stream()
                                .map(ByteString::toStringUtf8)
                                .toArray(String[]::new),
                        shape);
            default -> integers(type, shape, tensor::getInt32Data);
        };
    }

    private Tensor reals(final ElementType type, final int[] shape, final IntToDoubleFunction element) {
        final double[] values = new double[budget.take(shape)];
        Arrays.setAll(values, element);
        return Tensor.ofReals(type, values, shape);
    }

    private Tensor integers(final ElementType type, final int[] shape, final IntToLongFunction element) {
        final long[] values = new long[budget.take(shape)];
        Arrays.setAll(values, i -> type.wrap(element.applyAsLong(i)));
        return Tensor.ofIntegers(type, values, shape);
    }
}
