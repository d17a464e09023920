/* Sections 4 to 6 of docs/arithmetic.md: reductions, kernels, random numbers. Matrices without gaps. */
#include "functions.h"
#include <stdlib.h>

static float *floats(size_t n) {
    float *x = calloc(n + 1, sizeof(float));
    if (x == NULL) exit(1);
    return x;
}

static float halved(float *lane) {
    for (int half = 8; half > 0; half /= 2)
        for (int l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
    return lane[0];
}
static float row_sum(int n, const float *x) {
    float lane[16] = {0};
    for (int j = 0; j < n; j++) lane[j % 16] = lane[j % 16] + x[j];
    return halved(lane);
}
static float row_dot(int n, const float *a, const float *b) {
    float lane[16] = {0};
    for (int j = 0; j < n; j++) lane[j % 16] = fmaf(a[j], b[j], lane[j % 16]);
    return halved(lane);
}
static float row_max(int n, const float *x) {
    float m = -INFINITY;
    for (int j = 0; j < n; j++)
        if (isnan(x[j])) return NAN;
        else if (x[j] > m || (x[j] == 0 && m == 0 && !signbit(x[j]))) m = x[j];
    return m;
}
static void column_sums(int rows, int n, const float *a, float *sums) {
    for (int j = 0; j < n; j++) {
        sums[j] = 0;
        for (int i = 0; i < rows; i++) sums[j] = sums[j] + a[i * n + j];
    }
}

/* c is the start and the result; transposed operands are (k, m) and (n, k). */
static void product(int ta, int tb, int m, int n, int k, const float *a, const float *b, float *c) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            for (int p = 0; p < k; p++)
                c[i * n + j] = fmaf(ta ? a[p * m + i] : a[i * k + p], tb ? b[j * k + p] : b[p * n + j], c[i * n + j]);
}

/* e[j] = exp(x[j] - m); returns the sum, and m. */
static float exponentials(int n, const float *x, float *e, float *m) {
    *m = row_max(n, x);
    for (int j = 0; j < n; j++) e[j] = exp_(x[j] - *m);
    return row_sum(n, e);
}
static void softmax(int n, const float *x, float *y) {
    float m, s = exponentials(n, x, y, &m), r = 1 / s;
    for (int j = 0; j < n; j++) y[j] = y[j] * r;
}
static void log_softmax(int n, const float *x, float *y) {
    float m, s = exponentials(n, x, y, &m), log_s = log_(s);
    for (int j = 0; j < n; j++) y[j] = (x[j] - m) - log_s;
}
static float cross_entropy(int n, const float *x, int c, float scale, float *dx) {
    float m, s = exponentials(n, x, dx, &m), r = 1 / s;
    for (int j = 0; j < n; j++) dx[j] = (dx[j] * r - (j == c ? 1.0f : 0.0f)) * scale;
    return log_(s) - (x[c] - m);
}
static float cross_entropy_of_weights(int n, const float *x, const float *t, float scale, float *dx) {
    float m, s = exponentials(n, x, dx, &m), r = 1 / s, q = row_sum(n, t);
    float *d = floats((size_t) n);
    for (int j = 0; j < n; j++) d[j] = x[j] - m;
    float a = row_dot(n, t, d);
    free(d);
    for (int j = 0; j < n; j++) dx[j] = fmaf(dx[j] * r, q, -t[j]) * scale;
    return fmaf(q, log_(s), -a);
}

enum { SQUARED, ABSOLUTE, HUBER, BINARY };
static float pointwise(int f, float delta, int n, const float *x, const float *t, float scale, float *dx) {
    float lane[16] = {0};
    for (int j = 0; j < n; j++) {
        float d = x[j] - t[j], c = d > delta ? delta : d < -delta ? -delta : d, *l = &lane[j % 16];
        switch (f) {
            case SQUARED: *l = fmaf(d, d, *l); dx[j] = d * scale; break;
            case ABSOLUTE: *l = *l + fabsf(d); dx[j] = (d > 0 ? 1 : d < 0 ? -1 : d) * scale; break;
            case HUBER: *l = fmaf(c, fmaf(-0.5f, c, d), *l); dx[j] = c * scale; break;
            default:
                *l = *l + (softplus_(-fabsf(x[j])) + fmaf(-x[j], t[j], x[j] < 0 ? 0 : x[j]));
                dx[j] = (sigmoid_(x[j]) - t[j]) * scale;
        }
    }
    return halved(lane);
}

/* d[j] = x[j] - mean; returns r. */
static float row_statistics(int n, const float *x, float epsilon, float *d) {
    float mean = row_sum(n, x) / (float) n;
    for (int j = 0; j < n; j++) d[j] = x[j] - mean;
    return 1 / sqrtf(row_dot(n, d, d) / (float) n + epsilon);
}
static void layer_norm(int n, const float *x, const float *weight, const float *bias, float epsilon, float *y) {
    float r = row_statistics(n, x, epsilon, y);
    for (int j = 0; j < n; j++) y[j] = fmaf(y[j] * r, weight[j], bias[j]);
}
/* dy becomes dx; the row is added to dw and db. */
static void layer_norm_backward(
        int n, const float *x, const float *weight, float epsilon, float *dy, float *dw, float *db) {
    float *h = floats(2 * (size_t) n), *g = h + n;
    float r = row_statistics(n, x, epsilon, h);
    for (int j = 0; j < n; j++) {
        h[j] = h[j] * r;
        g[j] = dy[j] * weight[j];
        dw[j] = fmaf(dy[j], h[j], dw[j]);
        db[j] = db[j] + dy[j];
    }
    float a = row_sum(n, g) / (float) n, b = row_dot(n, g, h) / (float) n;
    for (int j = 0; j < n; j++) dy[j] = fmaf(-h[j], b, g[j] - a) * r;
    free(h);
}
/* Column j of n. */
static void batch_norm(int rows, int n, int j, const float *x, float weight, float bias, float epsilon, float *mean,
                       float *variance, float *y) {
    float sum = 0, squares = 0;
    for (int i = 0; i < rows; i++) sum = sum + x[i * n + j];
    *mean = sum / (float) rows;
    for (int i = 0; i < rows; i++) squares = fmaf(x[i * n + j] - *mean, x[i * n + j] - *mean, squares);
    *variance = squares / (float) rows;
    float r = 1 / sqrtf(*variance + epsilon);
    for (int i = 0; i < rows; i++) y[i * n + j] = fmaf((x[i * n + j] - *mean) * r, weight, bias);
}
static void batch_norm_backward(int rows, int n, int j, const float *x, float weight, float epsilon, float mean,
                                float variance, float *dy, float *dw, float *db) {
    float r = 1 / sqrtf(variance + epsilon);
    *dw = *db = 0;
    for (int i = 0; i < rows; i++) {
        *dw = fmaf(dy[i * n + j], (x[i * n + j] - mean) * r, *dw);
        *db = *db + dy[i * n + j];
    }
    for (int i = 0; i < rows; i++) {
        float h = (x[i * n + j] - mean) * r;
        dy[i * n + j] = fmaf(-h, *dw / (float) rows, dy[i * n + j] - *db / (float) rows) * (weight * r);
    }
}

static void sgd(float scale, float rate, float momentum, int nesterov, float decay, float g, float *v, float *p) {
    float d = fmaf(decay, *p, scale * g), u = d;
    if (momentum != 0) {
        *v = fmaf(momentum, *v, d);
        u = nesterov ? fmaf(momentum, *v, d) : *v;
    }
    *p = fmaf(-rate, u, *p);
}
static void adam(float scale, float l2, float b1, float b2, float epsilon, float step_size, float root_scale,
                 float decay, float g, float *m, float *v, float *p) {
    float d = fmaf(l2, *p, scale * g);
    *m = fmaf(b1, *m, (1 - b1) * d);
    *v = fmaf(b2, *v, (1 - b2) * d * d);
    *p = fmaf(-step_size, *m / fmaf(sqrtf(*v), root_scale, epsilon), decay * *p);
}
static void rms_prop(float scale, float rate, float alpha, float epsilon, float momentum, float decay, float g,
                     float *m, float *v, float *p) {
    float d = fmaf(decay, *p, scale * g);
    *v = fmaf(alpha, *v, (1 - alpha) * d * d);
    float u = d / (sqrtf(*v) + epsilon);
    if (momentum != 0) u = *m = fmaf(momentum, *m, u);
    *p = fmaf(-rate, u, *p);
}

enum { WEIGHTS = 1, SHUFFLE, SPLIT, DROPOUT };
static uint32_t random_bits(uint64_t seed, uint32_t purpose, uint32_t step, uint64_t element) {
    uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);
    uint32_t c[] = {(uint32_t) (element / 4), (uint32_t) (element / 4 >> 32), step, purpose};
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t) 0xD2511F53u * c[0], p1 = (uint64_t) 0xCD9E8D57u * c[2];
        uint32_t c1 = c[1], c3 = c[3];
        c[0] = (uint32_t) (p1 >> 32) ^ c1 ^ k0;
        c[1] = (uint32_t) p1;
        c[2] = (uint32_t) (p0 >> 32) ^ c3 ^ k1;
        c[3] = (uint32_t) p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c[element % 4];
}
static float uniform(uint64_t seed, uint32_t purpose, uint32_t step, uint64_t element) {
    return (float) (random_bits(seed, purpose, step, element) >> 8) * 0x1p-24f;
}
static void permutation(uint64_t seed, uint32_t purpose, uint32_t step, uint64_t first, int n, int *order) {
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int) (((uint64_t) random_bits(seed, purpose, step, first + (uint64_t) i) * (uint64_t) (i + 1)) >> 32);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
}
static float dropped(float rate, uint64_t seed, uint32_t step, uint64_t element) {
    return random_bits(seed, DROPOUT, step, element) < floor((double) rate * 0x1p32) ? 0 : 1 / (1 - rate);
}
