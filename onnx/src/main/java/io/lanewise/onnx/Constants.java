package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;

/** The operator Constant, whose value is one of several attributes. */
final class Constants {
    private Constants() {}

    static Tensor of(final Op op) {
        if (op.node().getAttributeCount() != 1) {
            throw new Refusal("expected one attribute, got " + op.node().getAttributeCount());
        }
        final AttributeProto attribute = op.node().getAttribute(0);
        return switch (attribute.getName()) {
            case "value" -> op.tensors().read(attribute.getT());
            case "value_float" -> Tensor.ofReals(ElementType.FLOAT, new double[] {attribute.getF()});
            case "value_int" -> Tensor.ofIntegers(ElementType.INT64, new long[] {attribute.getI()});
            case "value_string" -> Tensor.ofTexts(new String[] {attribute.getS().toStringUtf8()});
            case "value_floats" -> {
                final double[] values = new double[op.budget().take(attribute.getFloatsCount())];
                Arrays.setAll(values, attribute::getFloats);
                yield Tensor.ofReals(ElementType.FLOAT, values, values.length);
            }
            case "value_ints" -> {
                final long[] values = new long[op.budget().take(attribute.getIntsCount())];
                Arrays.setAll(values, attribute::getInts);
                yield Tensor.ofIndices(values);
            }
            case "value_strings" -> {
                final String[] values = attribute.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toArray(String[]::new);
                yield Tensor.ofTexts(values, values.length);
            }
            default -> throw new Refusal("expected a dense value, got the attribute " + attribute.getName());
        };
    }
}
