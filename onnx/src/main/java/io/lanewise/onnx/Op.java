package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.lanewise.formats.Quoted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a graph: its operator and its attributes.
 *
 * @param version of the operator's domain that the file asks for
 * @param tensors reads the constants in attributes
 */
record Op(NodeProto node, String domain, long version, Budget budget, TensorReader tensors) {
    /** The domain of scikit-learn's operators. */
    static final String ML = "ai.onnx.ml";

    /** The operator's name, with its domain if it is not the usual one: {@code ai.onnx.ml.Scaler}. */
    String operator() {
        return domain.isEmpty() ? node.getOpType() : domain + "." + node.getOpType();
    }

    /** What the node is called: its name, or that of its first output. */
    String name() {
        return node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    }

    /** Why a node cannot be read, in full. */
    Refusal refusal(final String reason) {
        return new Refusal("node " + Quoted.of(name()) + ", operator " + Quoted.of(node.getOpType()) + " of domain "
                + Quoted.of(domain.isEmpty() ? "ai.onnx" : domain) + " version " + version + ": " + reason);
    }

    private @Nullable AttributeProto attribute(final String name) {
        for (final AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                if (!attribute.getRefAttrName().isEmpty()) {
                    throw new Refusal("expected a value for the attribute " + name + ", got a reference");
                }
                return attribute;
            }
        }
        return null;
    }

    boolean has(final String name) {
        return attribute(name) != null;
    }

    long integer(final String name, final long otherwise) {
        final AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getI();
    }

    double real(final String name, final double otherwise) {
        final AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getF();
    }

    String text(final String name, final String otherwise) {
        final AttributeProto attribute = attribute(name);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    /** A list of integers; null if there is none. */
    long @Nullable [] integers(final String name) {
        final AttributeProto attribute = attribute(name);
        return attribute == null
                ? null
                : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** A list of floats; empty if there is none. */
    double[] reals(final String name) {
        final AttributeProto attribute = attribute(name);
        return attribute == null
                ? new double[0]
                : attribute.getFloatsList().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray();
    }

    /** A list of strings; empty if there is none. */
    List<String> texts(final String name) {
        final AttributeProto attribute = attribute(name);
        final List<String> texts = new ArrayList<>();
        if (attribute != null) {
            attribute.getStringsList().forEach(text -> texts.add(text.toStringUtf8()));
        }
        return texts;
    }

    /** A constant; null if there is none. */
    @Nullable
    Tensor tensor(final String name) {
        final AttributeProto attribute = attribute(name);
        return attribute == null ? null : tensors.read(attribute.getT());
    }

    /** A constant as the file has it; null if there is none. */
    @Nullable
    TensorProto tensorProto(final String name) {
        final AttributeProto attribute = attribute(name);
        return attribute == null ? null : attribute.getT();
    }

    /** The axis from 0 of one that may be counted from the end. */
    static int axis(final long axis, final int rank) {
        if (axis < -rank || axis >= rank) {
            throw new Refusal("expected an axis from " + -rank + " to " + (rank - 1) + ", got " + axis);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
