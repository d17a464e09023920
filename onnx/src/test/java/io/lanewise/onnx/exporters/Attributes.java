package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;

/** Attributes of nodes from Java's values. */
final class Attributes {
    private Attributes() {}

    static AttributeProto of(final String name, final Object value) {
        final AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        switch (value) {
            case Integer i -> attribute.setType(AttributeType.INT).setI(i);
            case Float f -> attribute.setType(AttributeType.FLOAT).setF(f);
            case String s -> attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(s));
            case TensorProto t -> attribute.setType(AttributeType.TENSOR).setT(t);
            case int[] many -> {
                attribute.setType(AttributeType.INTS);
                for (final int i : many) {
                    attribute.addInts(i);
                }
            }
            case double[] many -> {
                attribute.setType(AttributeType.FLOATS);
                for (final double f : many) {
                    attribute.addFloats((float) f);
                }
            }
            case String[] many -> {
                attribute.setType(AttributeType.STRINGS);
                for (final String s : many) {
                    attribute.addStrings(ByteString.copyFromUtf8(s));
                }
            }
            default -> throw new IllegalArgumentException("no attribute is a " + value.getClass());
        }
        return attribute.build();
    }
}
