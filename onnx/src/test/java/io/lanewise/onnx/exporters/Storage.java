package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the elements of a constant are stored: in {@code raw_data}, or in the field of their type; 16-bit floats are in
 * {@code int32_data} then (onnx/onnx.proto in onnx/onnx, comments of {@code TensorProto}).
 */
public enum Storage {
    FLOAT(DataType.FLOAT, Float.BYTES),
    DOUBLE(DataType.DOUBLE, Double.BYTES),
    FLOAT16(DataType.FLOAT16, Short.BYTES),
    BFLOAT16(DataType.BFLOAT16, Short.BYTES),
    TYPED_FLOAT(DataType.FLOAT, 0),
    TYPED_DOUBLE(DataType.DOUBLE, 0),
    TYPED_FLOAT16(DataType.FLOAT16, 0),
    TYPED_BFLOAT16(DataType.BFLOAT16, 0);

    private final DataType type;
    private final int bytes; // of an element in raw data; 0 in a field of its own

    Storage(final DataType type, final int bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    public DataType type() {
        return type;
    }

    /** A tensor without a name; its elements are rounded to the type. */
    public TensorProto tensor(final double[] elements, final int... shape) {
        final TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type.getNumber());
        for (final int size : shape) {
            tensor.addDims(size);
        }
        return (bytes > 0 ? raw(tensor, elements) : typed(tensor, elements)).build();
    }

    private TensorProto.Builder raw(final TensorProto.Builder tensor, final double[] elements) {
        final ByteBuffer raw = ByteBuffer.allocate(elements.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (final double element : elements) {
            switch (type) {
                case FLOAT -> raw.putFloat((float) element);
                case DOUBLE -> raw.putDouble(element);
                case FLOAT16 -> raw.putShort(Float.floatToFloat16((float) element));
                default -> raw.putShort(bfloat16((float) element));
            }
        }
        return tensor.setRawData(ByteString.copyFrom(raw.flip()));
    }

    private TensorProto.Builder typed(final TensorProto.Builder tensor, final double[] elements) {
        for (final double element : elements) {
            switch (type) {
                case FLOAT -> tensor.addFloatData((float) element);
                case DOUBLE -> tensor.addDoubleData(element);
                case FLOAT16 -> tensor.addInt32Data(Float.floatToFloat16((float) element) & 0xffff);
                default -> tensor.addInt32Data(bfloat16((float) element) & 0xffff);
            }
        }
        return tensor;
    }

    private static short bfloat16(final float element) {
        return (short) (Float.floatToIntBits(element) >> 16); // towards zero is good enough for weights
    }
}
