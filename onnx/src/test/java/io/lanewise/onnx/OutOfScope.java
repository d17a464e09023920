package io.lanewise.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of ONNX's tests of known operators are not for the evaluator, and why. */
final class OutOfScope {
    private static final Map<String, String> REASONS = reasons();

    private OutOfScope() {}

    private static Map<String, String> reasons() {
        final Map<String, String> reasons = new HashMap<>();
        put(
                reasons,
                "training",
                List.of(
                        "test_batchnorm_epsilon_training_mode",
                        "test_batchnorm_example_training_mode",
                        "test_training_dropout",
                        "test_training_dropout_default",
                        "test_training_dropout_default_mask",
                        "test_training_dropout_mask",
                        "test_training_dropout_zero_ratio",
                        "test_training_dropout_zero_ratio_mask"));
        put(
                reasons,
                "the test has uint16 in place of bfloat16",
                List.of(
                        "test_cast_BFLOAT16_to_FLOAT",
                        "test_cast_FLOAT_to_BFLOAT16",
                        "test_castlike_BFLOAT16_to_FLOAT",
                        "test_castlike_BFLOAT16_to_FLOAT_expanded",
                        "test_castlike_FLOAT_to_BFLOAT16",
                        "test_castlike_FLOAT_to_BFLOAT16_expanded"));
        put(
                reasons,
                "integers",
                List.of("test_clip_default_int8_inbounds", "test_clip_default_int8_max", "test_clip_default_int8_min"));
        put(reasons, "sequences and optional values", List.of("test_identity_opt", "test_identity_sequence"));
        return Map.copyOf(reasons);
    }

    private static void put(final Map<String, String> reasons, final String reason, final List<String> names) {
        names.forEach(name -> reasons.put(name, reason));
    }

    /** Why a case is out of scope; empty if it is not. */
    static String reason(final NodeCase test) {
        return REASONS.getOrDefault(test.name(), "");
    }

    static Set<String> names() {
        return REASONS.keySet();
    }
}
