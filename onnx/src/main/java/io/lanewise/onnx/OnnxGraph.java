package io.lanewise.onnx;

import io.lanewise.mlp.Model;
import java.util.List;
import java.util.Map;

/**
 * What was read of an ONNX file. Immutable.
 *
 * @param model the model that the graph is
 * @param producer the program that wrote the file, with its version; empty if the file does not say
 * @param irVersion of the file's format
 * @param opsets the versions of the sets of operators, by domain
 * @param isOwn whether Lanewise wrote the file and nobody changed it, so that the model is the very one that was written
 * @param nodes what became of the graph's nodes, in order; empty for a file of our own
 */
public record OnnxGraph(
        Model model, String producer, long irVersion, Map<String, Long> opsets, boolean isOwn, List<Node> nodes) {
    /** Copies the collections. */
    public OnnxGraph {
        opsets = Map.copyOf(opsets);
        nodes = List.copyOf(nodes);
    }

    /**
     * A node of the graph.
     *
     * @param name that of the node, or of its first output
     * @param operator with its domain if it is not the usual one
     * @param becomes what it is in the model, for people: {@code dense 784 → 256}, {@code part of gelu}, {@code constant}
     */
    public record Node(String name, String operator, String becomes) {
        /** What a node becomes whose value does not depend on the graph's inputs. */
        public static final String CONSTANT = "constant";
    }
}
