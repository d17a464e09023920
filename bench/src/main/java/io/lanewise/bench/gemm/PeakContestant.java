package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Role;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the CPU could do at the vector width in use: twelve independent chains of fused multiply-adds, without memory.
 * The chains start apart, or the compiler would find them equal and keep one.
 * Twelve hide a latency of 4 cycles on 2 units with some to spare, and fit 16 registers with their two constants.
 */
final class PeakContestant implements Contestant {
    private static final VectorSpecies<Float> FLOATS = species();
    private static final int STEPS = 1000;
    private static final int CHAINS = 12;

    private static VectorSpecies<Float> species() {
        final int bits =
                Math.min(Integer.getInteger("lanewise.simd.width", 512), FloatVector.SPECIES_PREFERRED.vectorBitSize());
        if (bits >= 512) {
            return FloatVector.SPECIES_512;
        }
        return bits >= 256 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    }

    @Override
    public String name() {
        return "peak";
    }

    @Override
    public Role role() {
        return Role.PEAK;
    }

    @Override
    public String open(final int threads) {
        return FLOATS.vectorBitSize() + " bits, one thread";
    }

    @Override
    public Job prepare(final Operands operands) {
        return new Chains();
    }

    private static final class Chains implements Job {
        private final float[] sums = new float[FLOATS.length()];

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                chains(sums);
            }
        }

        /**
         * {@code x = x + 0.999 · 0.001} in each lane, which no call lets grow above 3: neither overflows nor becomes denormal.
         * (As {@code x = 0.999 x + 0.001}, C2 copied a constant for each step, and 256 bits seemed slower than they are.)
         */
        private static void chains(final float[] sums) {
            final FloatVector factor = FloatVector.broadcast(FLOATS, 0.999f);
            final FloatVector term = FloatVector.broadcast(FLOATS, 0.001f);
            FloatVector x0 = FloatVector.fromArray(FLOATS, sums, 0);
            FloatVector x1 = x0.add(0.1f);
            FloatVector x2 = x0.add(0.2f);
            FloatVector x3 = x0.add(0.3f);
            FloatVector x4 = x0.add(0.4f);
            FloatVector x5 = x0.add(0.5f);
            FloatVector x6 = x0.add(0.6f);
            FloatVector x7 = x0.add(0.7f);
            FloatVector x8 = x0.add(0.8f);
            FloatVector x9 = x0.add(0.9f);
            FloatVector x10 = x0.add(1.0f);
            FloatVector x11 = x0.add(1.1f);
            for (int i = 0; i < STEPS; i++) {
                x0 = factor.fma(term, x0);
                x1 = factor.fma(term, x1);
                x2 = factor.fma(term, x2);
                x3 = factor.fma(term, x3);
                x4 = factor.fma(term, x4);
                x5 = factor.fma(term, x5);
                x6 = factor.fma(term, x6);
                x7 = factor.fma(term, x7);
                x8 = factor.fma(term, x8);
                x9 = factor.fma(term, x9);
                x10 = factor.fma(term, x10);
                x11 = factor.fma(term, x11);
            }
            x0.add(x1)
                    .add(x2.add(x3))
                    .add(x4.add(x5))
                    .add(x6.add(x7))
                    .add(x8.add(x9))
                    .add(x10.add(x11))
                    .mul(0.01f)
                    .intoArray(sums, 0);
        }

        @Override
        public float[] result() {
            return sums;
        }

        @Override
        public double flops() {
            return 2.0 * CHAINS * STEPS * FLOATS.length();
        }
    }
}
