package io.lanewise.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The width that all kernels use: the machine's, or less where the system property {@value Machine#WIDTH} caps it. */
final class Simd {
    static final VectorSpecies<Float> FLOATS = capped();

    static final int LANES = FLOATS.length();

    /** How many vectors the CPU's registers hold. */
    static final int REGISTERS = Machine.vectorRegisters();

    private Simd() {}

    private static VectorSpecies<Float> capped() {
        final int bits =
                Math.min(Integer.getInteger(Machine.WIDTH, 512), FloatVector.SPECIES_PREFERRED.vectorBitSize());
        if (bits >= 512) {
            return FloatVector.SPECIES_512;
        }
        return bits >= 256 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    }
}
