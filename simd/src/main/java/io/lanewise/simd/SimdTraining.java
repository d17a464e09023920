package io.lanewise.simd;

import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;

/** The part of {@link SimdKernels} that only training needs: checks arguments, then hands over to the loops. */
abstract class SimdTraining implements Kernels {
    SimdTraining() {}

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
        Losses.softmaxCrossEntropy(
                rows,
                columns,
                x,
                xOffset,
                ldx,
                labels,
                labelsOffset,
                scale,
                losses,
                lossesOffset,
                dx,
                dxOffset,
                lddx,
                SimdScratchpad.of(scratchpad));
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
        Losses.softmaxCrossEntropy(
                rows,
                columns,
                x,
                xOffset,
                ldx,
                t,
                tOffset,
                ldt,
                scale,
                losses,
                lossesOffset,
                dx,
                dxOffset,
                lddx,
                SimdScratchpad.of(scratchpad));
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
        PointwiseLosses.run(
                f,
                delta,
                rows,
                columns,
                x,
                xOffset,
                ldx,
                t,
                tOffset,
                ldt,
                scale,
                losses,
                lossesOffset,
                dx,
                dxOffset,
                lddx,
                SimdScratchpad.of(scratchpad));
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
        final SimdScratchpad own = SimdScratchpad.of(scratchpad);
        RowNorms.layerNormBackward(
                rows,
                columns,
                x,
                xOffset,
                ldx,
                weight,
                weightOffset,
                epsilon,
                dy,
                dyOffset,
                lddy,
                dWeight,
                dWeightOffset,
                dBias,
                dBiasOffset,
                own.lanes,
                own.chunk);
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
        ColumnKernels.batchNorm(
                rows,
                columns,
                x,
                xOffset,
                ldx,
                weight,
                weightOffset,
                bias,
                biasOffset,
                epsilon,
                mean,
                variance,
                y,
                yOffset,
                ldy);
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
        BatchNormGradients.run(
                rows,
                columns,
                x,
                xOffset,
                ldx,
                weight,
                weightOffset,
                epsilon,
                mean,
                variance,
                dy,
                dyOffset,
                lddy,
                dWeight,
                dWeightOffset,
                dBias,
                dBiasOffset);
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
        DropoutMasks.fill(n, rate, seed, step, element, mask, maskOffset);
    }

    @Override
    public float sumOfSquares(final int n, final float[] x, final int xOffset, final Scratchpad scratchpad) {
        KernelChecks.vector("x", n, x.length, xOffset);
        return RowKernels.sumOfSquares(n, x, xOffset, SimdScratchpad.of(scratchpad).lanes);
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
        Optimizers.sgd(n, scale, learningRate, momentum, nesterov, weightDecay, g, v, p, offset);
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
        Optimizers.adam(n, scale, l2, beta1, beta2, epsilon, stepSize, rootScale, decay, g, m, v, p, offset);
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
        Optimizers.rmsProp(n, scale, learningRate, alpha, epsilon, momentum, weightDecay, g, m, v, p, offset);
    }
}
