package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.lanewise.formats.Quoted;
import java.util.HashMap;
import java.util.Map;

/** The versions of the sets of operators that a file uses, by domain. */
record Opsets(Map<String, Long> versions) {
    private static final int OLDEST = 7;
    private static final int NEWEST = 28;
    private static final int NEWEST_ML = 5;

    static Opsets of(final ModelProto model) {
        final Map<String, Long> versions = new HashMap<>();
        for (final OperatorSetIdProto set : model.getOpsetImportList()) {
            if (versions.put(domain(set.getDomain()), set.getVersion()) != null) {
                throw new Refusal("expected one version of the domain " + Quoted.of(set.getDomain()) + ", got two");
            }
        }
        check(versions, "", OLDEST, NEWEST);
        check(versions, Op.ML, 1, NEWEST_ML);
        return new Opsets(versions);
    }

    private static void check(final Map<String, Long> versions, final String domain, final int least, final int most) {
        final Long version = versions.get(domain);
        if (version != null && (version < least || version > most)) {
            throw new Refusal("expected operators of the domain " + (domain.isEmpty() ? "ai.onnx" : domain)
                    + " in a version from " + least + " to " + most + ", got " + version);
        }
    }

    private static String domain(final String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    Op op(final NodeProto node, final Budget budget, final TensorReader tensors) {
        final String domain = domain(node.getDomain());
        final Long version = versions.get(domain);
        final Op op = new Op(node, domain, version == null ? 0 : version, budget, tensors);
        if (version == null) {
            throw op.refusal("expected a version of its domain in the file, got none");
        }
        return op;
    }
}
