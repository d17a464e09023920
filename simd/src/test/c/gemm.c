/* The arithmetic of a product, in C: C[i,j] = the chain c = fmaf(A[i,p], B[p,j], c) for ascending p, from the old C[i,j].
 *
 *   gemm M N K TRANSPOSE_A TRANSPOSE_B <in >out
 *
 * reads A, B and C as raw floats of this machine, row-major, A as (k, m) and B as (n, k) when transposed; writes C.
 * Compile without -ffast-math, and with -ffp-contract=off. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static float *matrix(size_t count) {
    float *values = malloc(count * sizeof(float) + 1);
    if (values == NULL || fread(values, sizeof(float), count, stdin) != count) exit(1);
    return values;
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    size_t m = strtoul(argv[1], 0, 10), n = strtoul(argv[2], 0, 10), k = strtoul(argv[3], 0, 10);
    int ta = atoi(argv[4]), tb = atoi(argv[5]);
    float *a = matrix(m * k), *b = matrix(k * n), *c = matrix(m * n);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            float sum = c[i * n + j];
            for (size_t p = 0; p < k; p++) sum = fmaf(ta ? a[p * m + i] : a[i * k + p], tb ? b[j * k + p] : b[p * n + j], sum);
            c[i * n + j] = sum;
        }
    return fwrite(c, sizeof(float), m * n, stdout) == m * n ? 0 : 1;
}
