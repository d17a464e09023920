package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/** The kernels on the Vector API: checks arguments, then hands over to the loops. */
final class SimdKernels extends SimdTraining {
    @Override
    public String name() {
        return "simd-" + Simd.FLOATS.vectorBitSize();
    }

    @Override
    public Scratchpad scratchpad(final int m, final int n, final int k, final @Nullable ThreadTeam team) {
        KernelChecks.size("m", m);
        KernelChecks.size("n", n);
        KernelChecks.size("k", k);
        KernelChecks.team(team);
        return new SimdScratchpad(m, n, k, team);
    }

    @Override
    public PackedMatrix pack(final int k, final int n, final float[] b, final int bOffset, final int ldb) {
        KernelChecks.matrix("B", k, n, b.length, bOffset, ldb);
        return Panels.of(k, n, b, bOffset, ldb);
    }

    @Override
    public void gemm(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc,
            final Scratchpad scratchpad) {
        KernelChecks.gemm(op, m, n, k, a, aOffset, lda, b, bOffset, ldb, bias, biasOffset, c, cOffset, ldc);
        final SimdScratchpad own = sized(scratchpad, m, n, k);
        final Product x = own.product;
        x.shape(op, m, n, k);
        x.left(a, aOffset, lda);
        x.right(b, bOffset, ldb, op.transposeB() ? Product.Layout.COLUMNS : Product.Layout.ROWS);
        x.output(bias, biasOffset, c, cOffset, ldc);
        SimdGemm.multiply(own);
    }

    @Override
    public void gemm(
            final Gemm op,
            final int m,
            final float[] a,
            final int aOffset,
            final int lda,
            final PackedMatrix b,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc,
            final Scratchpad scratchpad) {
        if (op.transposeB()) {
            throw new IllegalArgumentException("a packed B cannot be transposed: pack the transpose");
        }
        if (!(b instanceof Panels panels)) {
            throw new IllegalArgumentException("B was packed by another backend: " + b.getClass());
        }
        final int n = panels.columns();
        final int k = panels.rows();
        KernelChecks.gemm(op, m, n, k, a, aOffset, lda, bias, biasOffset, c, cOffset, ldc);
        final SimdScratchpad own = sized(scratchpad, m, 0, k);
        if (PackedRow.is(op, m, n, k)) {
            own.row.multiply(op, a, aOffset, panels, bias, biasOffset, c, cOffset);
            return;
        }
        final Product x = own.product;
        x.shape(op, m, n, k);
        x.left(a, aOffset, lda);
        // A single column is not padded.
        x.right(panels.values(), 0, 1, n == 1 ? Product.Layout.ROWS : Product.Layout.PANELS);
        x.output(bias, biasOffset, c, cOffset, ldc);
        SimdGemm.multiply(own);
    }

    private static SimdScratchpad sized(final Scratchpad scratchpad, final int m, final int n, final int k) {
        final SimdScratchpad own = SimdScratchpad.of(scratchpad);
        if (!own.holds(m, n, k)) {
            throw new IllegalArgumentException("the scratchpad is too small for a product of " + m + " × " + n + " × "
                    + k + " (m, n, k): make it for the largest");
        }
        return own;
    }

    @Override
    public void activate(
            final Activation f, final int rows, final int columns, final float[] y, final int yOffset, final int ldy) {
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        Elementwise.activate(f, rows, columns, y, yOffset, ldy);
    }

    @Override
    public void activateBackward(
            final Activation f,
            final int rows,
            final int columns,
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] dy,
            final int dyOffset,
            final int lddy) {
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        KernelChecks.matrix("dY", rows, columns, dy.length, dyOffset, lddy);
        Elementwise.activateBackward(f, rows, columns, y, yOffset, ldy, dy, dyOffset, lddy);
    }

    @Override
    public void standardize(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] mean,
            final float[] scale,
            final float[] y,
            final int yOffset,
            final int ldy) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("mean", columns, mean.length, 0);
        KernelChecks.vector("scale", columns, scale.length, 0);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        Elementwise.standardize(rows, columns, x, xOffset, ldx, mean, scale, y, yOffset, ldy);
    }

    @Override
    public void softmax(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        final SimdScratchpad own = SimdScratchpad.of(scratchpad);
        RowKernels.softmax(rows, columns, x, xOffset, ldx, y, yOffset, ldy, own.lanes, own.chunk);
    }

    @Override
    public void logSoftmax(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        RowNorms.logSoftmax(rows, columns, x, xOffset, ldx, y, yOffset, ldy, SimdScratchpad.of(scratchpad));
    }

    @Override
    public void layerNorm(
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
            final float[] y,
            final int yOffset,
            final int ldy,
            final Scratchpad scratchpad) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("weight", columns, weight.length, weightOffset);
        KernelChecks.vector("bias", columns, bias.length, biasOffset);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        RowNorms.layerNorm(
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
                y,
                yOffset,
                ldy,
                SimdScratchpad.of(scratchpad).lanes);
    }

    @Override
    public void affine(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] scale,
            final float[] shift,
            final float[] y,
            final int yOffset,
            final int ldy) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.vector("scale", columns, scale.length, 0);
        KernelChecks.vector("shift", columns, shift.length, 0);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        Elementwise.affine(rows, columns, x, xOffset, ldx, scale, shift, y, yOffset, ldy);
    }

    @Override
    public void add(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        Elementwise.add(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
    }

    @Override
    public void multiply(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy) {
        KernelChecks.matrix("X", rows, columns, x.length, xOffset, ldx);
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        Elementwise.multiply(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
    }

    @Override
    public void columnSums(
            final int rows,
            final int columns,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] sums,
            final int sumsOffset) {
        KernelChecks.matrix("A", rows, columns, a.length, aOffset, lda);
        KernelChecks.vector("sums", columns, sums.length, sumsOffset);
        ColumnKernels.columnSums(rows, columns, a, aOffset, lda, sums, sumsOffset);
    }

    @Override
    public void clip(final int n, final float limit, final float[] x, final int xOffset) {
        KernelChecks.vector("x", n, x.length, xOffset);
        Elementwise.clip(n, limit, x, xOffset);
    }
}
