package io.lanewise.verify;

import io.lanewise.mlp.Names;
import io.lanewise.reference.ScalarMath;
import java.util.Arrays;
import java.util.List;

/** The functions of one float that Java code may call, some of which no kernel does. */
final class FunctionItems {
    /** Odd, so that all exponents and all low bits come up; some 260,000 of the 2³² floats. */
    private static final int STRIDE = 16_381;

    private enum Function {
        EXP,
        EXPM1,
        LOG,
        LOG1P,
        SIGMOID,
        TANH,
        ERF;

        float apply(final float x) {
            return switch (this) {
                case EXP -> ScalarMath.exp(x);
                case EXPM1 -> ScalarMath.expm1(x);
                case LOG -> ScalarMath.log(x);
                case LOG1P -> ScalarMath.log1p(x);
                case SIGMOID -> ScalarMath.sigmoid(x);
                case TANH -> ScalarMath.tanh(x);
                case ERF -> ScalarMath.erf(x);
            };
        }
    }

    private FunctionItems() {}

    static List<Item> all() {
        return Arrays.stream(Function.values())
                .map(f -> new Item("function/" + Names.of(f), (setting, hash) -> sample(f, hash)))
                .toList();
    }

    private static void sample(final Function f, final BitHash hash) {
        for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
            hash.add(f.apply(Float.intBitsToFloat((int) bits)));
        }
    }
}
