package io.lanewise.reference;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Fma;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic contract in its plainest form: scalar, one element at a time, in the order that the contract gives. It
 * is the oracle that the fast backends are compared with, bit for bit, and shares no loop with them.
 */
public final class ReferenceKernels extends ReferenceTraining {
    /** The only instance: it has no state. */
    public static final ReferenceKernels INSTANCE = new ReferenceKernels();

    private ReferenceKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Scratchpad scratchpad(final int m, final int n, final int k, final @Nullable ThreadTeam team) {
        KernelChecks.size("m", m);
        KernelChecks.size("n", n);
        KernelChecks.size("k", k);
        KernelChecks.team(team);
        return new Lanes(new float[REDUCTION_LANES]);
    }

    @Override
    public PackedMatrix pack(final int k, final int n, final float[] b, final int bOffset, final int ldb) {
        KernelChecks.matrix("B", k, n, b.length, bOffset, ldb);
        final float[] copy = new float[k * n];
        for (int p = 0; p < k && n > 0; p++) { // rows without elements may lie outside the array
            System.arraycopy(b, bOffset + p * ldb, copy, p * n, n);
        }
        return new PlainMatrix(k, n, copy);
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
        lanes(scratchpad); // not needed, but that of another backend is a mistake
        if (!FloatingPoint.isFmaFast()) {
            SoftwareGemm.multiply(op, m, n, k, a, aOffset, lda, b, bOffset, ldb, bias, biasOffset, c, cOffset, ldc);
            return;
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = switch (op.start()) {
                    case ZERO -> 0f;
                    case BIAS -> bias == null ? 0f : bias[biasOffset + j];
                    case ACCUMULATE -> c[cOffset + i * ldc + j];
                };
                for (int p = 0; p < k; p++) {
                    final float x = op.transposeA() ? a[aOffset + p * lda + i] : a[aOffset + i * lda + p];
                    final float y = op.transposeB() ? b[bOffset + j * ldb + p] : b[bOffset + p * ldb + j];
                    sum = Fma.fma(x, y, sum);
                }
                c[cOffset + i * ldc + j] = ScalarActivations.activate(op.activation(), sum);
            }
        }
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
        if (!(b instanceof PlainMatrix plain)) {
            throw new IllegalArgumentException("B was packed by another backend: " + b.getClass());
        }
        final int n = plain.columns();
        gemm(
                op,
                m,
                n,
                plain.rows(),
                a,
                aOffset,
                lda,
                plain.values(),
                0,
                n,
                bias,
                biasOffset,
                c,
                cOffset,
                ldc,
                scratchpad);
    }

    @Override
    public void activate(
            final Activation f, final int rows, final int columns, final float[] y, final int yOffset, final int ldy) {
        KernelChecks.matrix("Y", rows, columns, y.length, yOffset, ldy);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                final int at = yOffset + i * ldy + j;
                y[at] = ScalarActivations.activate(f, y[at]);
            }
        }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                final int at = dyOffset + i * lddy + j;
                dy[at] = ScalarActivations.backward(f, y[yOffset + i * ldy + j], dy[at]);
            }
        }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[yOffset + i * ldy + j] = (x[xOffset + i * ldx + j] - mean[j]) * scale[j];
            }
        }
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
        final float[] lanes = lanes(scratchpad);
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int yRow = yOffset + i * ldy;
            final float r = 1f
                    / ReferenceRows.exponentials(columns, x, xRow, ReferenceRows.max(columns, x, xRow), y, yRow, lanes);
            for (int j = 0; j < columns; j++) {
                y[yRow + j] *= r;
            }
        }
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
        for (int i = 0; i < rows; i++) {
            ReferenceRows.logSoftmax(columns, x, xOffset + i * ldx, y, yOffset + i * ldy, lanes(scratchpad));
        }
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
        final float[] lanes = lanes(scratchpad);
        for (int i = 0; i < rows; i++) {
            ReferenceNorms.layerNorm(
                    columns,
                    x,
                    xOffset + i * ldx,
                    weight,
                    weightOffset,
                    bias,
                    biasOffset,
                    epsilon,
                    y,
                    yOffset + i * ldy,
                    lanes);
        }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[yOffset + i * ldy + j] = Fma.fma(x[xOffset + i * ldx + j], scale[j], shift[j]);
            }
        }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[yOffset + i * ldy + j] += x[xOffset + i * ldx + j];
            }
        }
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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[yOffset + i * ldy + j] *= x[xOffset + i * ldx + j];
            }
        }
    }

    @Override
    public void clip(final int n, final float limit, final float[] x, final int xOffset) {
        KernelChecks.vector("x", n, x.length, xOffset);
        for (int i = xOffset; i < xOffset + n; i++) {
            x[i] = x[i] > limit ? limit : x[i] < -limit ? -limit : x[i];
        }
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
        for (int j = 0; j < columns; j++) {
            float sum = 0f;
            for (int i = 0; i < rows; i++) {
                sum += a[aOffset + i * lda + j];
            }
            sums[sumsOffset + j] = sum;
        }
    }

    private record PlainMatrix(int rows, int columns, float[] values) implements PackedMatrix {}
}
