package io.lanewise.reference;

import io.lanewise.kernel.Fma;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;

/** The part of {@link ReferenceKernels} that only training needs: losses, gradients of norms, dropout, updates. */
abstract class ReferenceTraining implements Kernels {
    ReferenceTraining() {}

    @Override
    public void softmaxCrossEntropy(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final int[] labels,
            final int labelsOffset,
            final float scale,
            final float[] losses,
            final int lossesOffset,
            final float[] dx,
            final int dxOffset,
            final int lddx,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.labels(rows, columns, labels, labelsOffset);
        KernelChecks.vector("losses", rows, losses.length, lossesOffset);
        KernelChecks.matrix("dX", rows, columns, dx.length, dxOffset, lddx);
        final float[] lanes = lanes(scratchpad);
        for (int i = 0; i < rows; i++) {
            final int label = labels[labelsOffset + i];
            losses[lossesOffset + i] = ReferenceLosses.softmaxCrossEntropy(
                    columns, x, xOffset + i * ldx, label, scale, dx, dxOffset + i * lddx, lanes);
        }
    }

    @Override
    public void softmaxCrossEntropy(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] t,
            final int tOffset,
            final int ldt,
            final float scale,
            final float[] losses,
            final int lossesOffset,
            final float[] dx,
            final int dxOffset,
            final int lddx,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("T", rows, columns, t.length, tOffset, ldt);
        KernelChecks.vector("losses", rows, losses.length, lossesOffset);
        KernelChecks.matrix("dX", rows, columns, dx.length, dxOffset, lddx);
        final float[] lanes = lanes(scratchpad);
        for (int i = 0; i < rows; i++) {
            final int tRow = tOffset + i * ldt;
            losses[lossesOffset + i] = ReferenceLosses.softmaxCrossEntropy(
                    columns, x, xOffset + i * ldx, t, tRow, scale, dx, dxOffset + i * lddx, lanes);
        }
    }

    @Override
    public void pointwiseLoss(
            final PointwiseLoss f,
            final float delta,
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] t,
            final int tOffset,
            final int ldt,
            final float scale,
            final float[] losses,
            final int lossesOffset,
            final float[] dx,
            final int dxOffset,
            final int lddx,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("T", rows, columns, t.length, tOffset, ldt);
        KernelChecks.vector("losses", rows, losses.length, lossesOffset);
        KernelChecks.matrix("dX", rows, columns, dx.length, dxOffset, lddx);
        final float[] lanes = lanes(scratchpad);
        for (int i = 0; i < rows; i++) {
            final int tRow = tOffset + i * ldt;
            losses[lossesOffset + i] = ReferenceLosses.pointwise(
                    f, delta, columns, x, xOffset + i * ldx, t, tRow, scale, dx, dxOffset + i * lddx, lanes);
        }
    }

    @Override
    public void layerNormBackward(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float epsilon,
            final float[] dy,
            final int dyOffset,
            final int lddy,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("weight", columns, weight.length, weightOffset);
        KernelChecks.matrix("dY", rows, columns, dy.length, dyOffset, lddy);
        KernelChecks.vector("dWeight", columns, dWeight.length, dWeightOffset);
        KernelChecks.vector("dBias", columns, dBias.length, dBiasOffset);
        final float[] lanes = lanes(scratchpad);
        Arrays.fill(dWeight, dWeightOffset, dWeightOffset + columns, 0f);
        Arrays.fill(dBias, dBiasOffset, dBiasOffset + columns, 0f);
        for (int i = 0; i < rows; i++) {
            ReferenceNorms.layerNormBackward(
                    columns,
                    x,
                    xOffset + i * ldx,
                    weight,
                    weightOffset,
                    epsilon,
                    dy,
                    dyOffset + i * lddy,
                    dWeight,
                    dWeightOffset,
                    dBias,
                    dBiasOffset,
                    lanes);
        }
    }

    @Override
    public void batchNorm(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float[] bias,
            final int biasOffset,
            final float epsilon,
            final float[] mean,
            final float[] variance,
            final float[] y,
            final int yOffset,
            final int ldy) {
        KernelChecks.batch(rows);
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("weight", columns, weight.length, weightOffset);
        KernelChecks.vector("bias", columns, bias.length, biasOffset);
        KernelChecks.vector("mean", columns, mean.length, 0);
        KernelChecks.vector("variance", columns, variance.length, 0);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        for (int j = 0; j < columns; j++) {
            final float w = weight[weightOffset + j];
            final float b = bias[biasOffset + j];
            ReferenceNorms.batchNorm(rows, x, xOffset + j, ldx, w, b, epsilon, j, mean, variance, y, yOffset + j, ldy);
        }
    }

    @Override
    public void batchNormBackward(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float epsilon,
            final float[] mean,
            final float[] variance,
            final float[] dy,
            final int dyOffset,
            final int lddy,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset) {
        KernelChecks.batch(rows);
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("weight", columns, weight.length, weightOffset);
        KernelChecks.vector("mean", columns, mean.length, 0);
        KernelChecks.vector("variance", columns, variance.length, 0);
        KernelChecks.matrix("dY", rows, columns, dy.length, dyOffset, lddy);
        KernelChecks.vector("dWeight", columns, dWeight.length, dWeightOffset);
        KernelChecks.vector("dBias", columns, dBias.length, dBiasOffset);
        for (int j = 0; j < columns; j++) {
            final float w = weight[weightOffset + j];
            ReferenceNorms.batchNormBackward(
                    rows,
                    x,
                    xOffset + j,
                    ldx,
                    w,
                    epsilon,
                    mean[j],
                    variance[j],
                    dy,
                    dyOffset + j,
                    lddy,
                    dWeight,
                    dWeightOffset + j,
                    dBias,
                    dBiasOffset + j);
        }
    }

    @Override
    public void dropoutMask(
            final int n,
            final float rate,
            final long seed,
            final int step,
            final long element,
            final float[] mask,
            final int maskOffset) {
        KernelChecks.dropout(rate, element);
        KernelChecks.vector("mask", n, mask.length, maskOffset);
        final long threshold = (long) (rate * 0x1p32f); // exact but for what lies behind the point
        for (int i = 0; i < n; i++) {
            final long bits = Integer.toUnsignedLong(Philox.bits(seed, Purpose.DROPOUT, step, element + i));
            mask[maskOffset + i] = bits < threshold ? 0f : 1f / (1f - rate);
        }
    }

    @Override
    public float sumOfSquares(final int n, final float[] x, final int xOffset, final Scratchpad scratchpad) {
        KernelChecks.vector("x", n, x.length, xOffset);
        final float[] lanes = lanes(scratchpad);
        Arrays.fill(lanes, 0f);
        for (int i = 0; i < n; i++) {
            lanes[i % REDUCTION_LANES] = Fma.fma(x[xOffset + i], x[xOffset + i], lanes[i % REDUCTION_LANES]);
        }
        return ReferenceRows.halve(lanes);
    }

    @Override
    public void sgd(
            final int n,
            final float scale,
            final float learningRate,
            final float momentum,
            final boolean nesterov,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p,
            final int offset) {
        KernelChecks.vector("g", n, g.length, offset);
        if (momentum != 0f) {
            KernelChecks.vector("v", n, v.length, offset);
        }
        KernelChecks.vector("p", n, p.length, offset);
        ReferenceOptimizers.sgd(n, scale, learningRate, momentum, nesterov, weightDecay, g, v, p, offset);
    }

    @Override
    public void adam(
            final int n,
            final float scale,
            final float l2,
            final float beta1,
            final float beta2,
            final float epsilon,
            final float stepSize,
            final float rootScale,
            final float decay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p,
            final int offset) {
        KernelChecks.vector("g", n, g.length, offset);
        KernelChecks.vector("m", n, m.length, offset);
        KernelChecks.vector("v", n, v.length, offset);
        KernelChecks.vector("p", n, p.length, offset);
        ReferenceOptimizers.adam(n, scale, l2, beta1, beta2, epsilon, stepSize, rootScale, decay, g, m, v, p, offset);
    }

    @Override
    public void rmsProp(
            final int n,
            final float scale,
            final float learningRate,
            final float alpha,
            final float epsilon,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p,
            final int offset) {
        KernelChecks.vector("g", n, g.length, offset);
        if (momentum != 0f) {
            KernelChecks.vector("m", n, m.length, offset);
        }
        KernelChecks.vector("v", n, v.length, offset);
        KernelChecks.vector("p", n, p.length, offset);
        ReferenceOptimizers.rmsProp(n, scale, learningRate, alpha, epsilon, momentum, weightDecay, g, m, v, p, offset);
    }

    static float[] lanes(final Scratchpad scratchpad) {
        if (!(scratchpad instanceof Lanes lanes)) {
            throw new IllegalArgumentException("the scratchpad was made by another backend: " + scratchpad.getClass());
        }
        return lanes.values();
    }

    /** Room for the lanes of a row reduction. */
    record Lanes(float[] values) implements Scratchpad {}
}
