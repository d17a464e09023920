/* Sections 7 to 9 of docs/arithmetic.md, for one network that has a layer of every kind:
 *
 *   0 dense inputs x hidden, GELU          3 dense hidden x hidden, identity    6 add what layer 1 gave
 *   1 layer normalisation                  4 batch normalisation                7 dense hidden x classes, identity
 *   2 dropout                              5 ReLU                               softmax
 *
 * trained by AdamW with cross-entropy, label smoothing, gradients clipped by norm, and the one-cycle schedule. */
#include "kernels.h"

#define EPSILON 1e-5f

typedef struct {
    int rows, inputs, hidden, classes, epochs, batch;
    uint64_t seed;
    float rate, decay, dropout, smoothing, limit;
    float *p, *g, *m, *v; /* parameters, gradients, moments */
    int count, w0, b0, n1, w3, b3, n4, w7, b7; /* the number of parameters, and where those of layers start */
    float *y0, *z0, *y1, *y2, *y3, *y4, *y5, *y6, *y7, *d, *e; /* (batch, width) */
    float *mask, *mean, *variance;
} Run;

static void layout(Run *r) {
    int h = r->hidden;
    r->w0 = 0;
    r->b0 = r->w0 + r->inputs * h;
    r->n1 = r->b0 + h;
    r->w3 = r->n1 + 2 * h;
    r->b3 = r->w3 + h * h;
    r->n4 = r->b3 + h;
    r->w7 = r->n4 + 4 * h;
    r->b7 = r->w7 + h * r->classes;
    r->count = r->b7 + r->classes;
}

static void random_weights(Run *r, int layer, int inputs, int outputs, double squared, int at) {
    float b = (float) sqrt(squared);
    for (int e = 0; e < inputs * outputs; e++)
        r->p[at + e] = fmaf(2 * b, uniform(r->seed, WEIGHTS, (uint32_t) layer, (uint64_t) e), -b);
}

static void start(Run *r) {
    int h = r->hidden;
    layout(r);
    r->p = floats(r->count), r->g = floats(r->count), r->m = floats(r->count), r->v = floats(r->count);
    random_weights(r, 0, r->inputs, h, 6.0 / r->inputs, r->w0); /* He, before GELU */
    random_weights(r, 3, h, h, 6.0 / (h + h), r->w3); /* Glorot, before the identity */
    random_weights(r, 7, h, r->classes, 6.0 / (h + r->classes), r->w7);
    for (int j = 0; j < h; j++) r->p[r->n1 + j] = r->p[r->n4 + j] = r->p[r->n4 + 3 * h + j] = 1;
    float **rows[] = {&r->y0, &r->z0, &r->y1, &r->y2, &r->y3, &r->y4, &r->y5, &r->y6, &r->d, &r->e, &r->mask};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) *rows[i] = floats((size_t) r->batch * (size_t) h);
    r->y7 = floats((size_t) r->batch * (size_t) r->classes);
    r->mean = floats(h), r->variance = floats(h);
}

/* In double, per feature; x is standardised where it is. */
static void standardize(const Run *r, float *x) {
    int n = r->inputs;
    for (int j = 0; j < n; j++) {
        double sum = 0, squares = 0;
        for (int i = 0; i < r->rows; i++) sum = sum + x[i * n + j];
        for (int i = 0; i < r->rows; i++) {
            double d = x[i * n + j] - sum / r->rows;
            squares = squares + d * d;
        }
        double mean = sum / r->rows, deviation = sqrt(squares / r->rows);
        int constant = deviation <= 1e-7 * fabs(mean) || (float) deviation < 0x1p-126f;
        float scale = constant ? 1 : (float) (1 / deviation), m = (float) mean;
        for (int i = 0; i < r->rows; i++) x[i * n + j] = (x[i * n + j] - m) * scale;
    }
}

static void dense(int rows, int inputs, int outputs, const float *x, const float *w, const float *bias, float *y) {
    for (int i = 0; i < rows * outputs; i++) y[i] = bias[i % outputs];
    product(0, 0, rows, outputs, inputs, x, w, y);
}

static void forward(Run *r, int rows, const float *x, uint32_t step) {
    int h = r->hidden, n = rows * h;
    dense(rows, r->inputs, h, x, r->p + r->w0, r->p + r->b0, r->z0);
    for (int i = 0; i < n; i++) r->y0[i] = activate(GELU, r->z0[i]);
    for (int i = 0; i < rows; i++)
        layer_norm(h, r->y0 + i * h, r->p + r->n1, r->p + r->n1 + h, EPSILON, r->y1 + i * h);
    for (int i = 0; i < n; i++) {
        r->mask[i] = dropped(r->dropout, r->seed, step, ((uint64_t) 2 << 40) + (uint64_t) i);
        r->y2[i] = r->y1[i] * r->mask[i];
    }
    dense(rows, h, h, r->y2, r->p + r->w3, r->p + r->b3, r->y3);
    for (int j = 0; j < h; j++)
        batch_norm(rows, h, j, r->y3, r->p[r->n4 + j], r->p[r->n4 + h + j], EPSILON, &r->mean[j], &r->variance[j], r->y4);
    for (int i = 0; i < n; i++) r->y5[i] = activate(RELU, r->y4[i]);
    for (int i = 0; i < n; i++) r->y6[i] = r->y5[i] + r->y1[i];
    dense(rows, h, r->classes, r->y6, r->p + r->w7, r->p + r->b7, r->y7);
}

/* The mean loss of the batch; y7 becomes its gradient. */
static double loss(Run *r, int rows, const int *labels) {
    int c = r->classes;
    float o = r->smoothing / (float) c, own = (1 - r->smoothing) + o, scale = 1 / (float) rows, *t = floats(c), *x = floats(c);
    double sum = 0;
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < c; j++) {
            t[j] = j == labels[i] ? own : o;
            x[j] = r->y7[i * c + j];
        }
        sum = sum + cross_entropy_of_weights(c, x, t, scale, r->y7 + i * c);
    }
    free(t), free(x);
    return sum / rows;
}

static void zero(float *x, int n) { memset(x, 0, (size_t) n * sizeof(float)); }

/* The gradients of a dense layer; dx is added to where it already is a gradient. */
static void dense_backward(Run *r, int rows, int inputs, int outputs, const float *x, int w, int b, const float *dy, float *dx) {
    column_sums(rows, outputs, dy, r->g + b);
    zero(r->g + w, inputs * outputs);
    product(1, 0, inputs, outputs, rows, x, dy, r->g + w);
    if (dx != NULL) product(0, 1, rows, inputs, outputs, dy, r->p + w, dx);
}

static void backward_pass(Run *r, int rows, const float *x) {
    int h = r->hidden, n = rows * h;
    float *d = r->d, *d1 = r->e; /* the gradients of what the layer at hand gave, and of what layer 1 gave */
    zero(d, n);
    dense_backward(r, rows, h, r->classes, r->y6, r->w7, r->b7, r->y7, d);
    memcpy(d1, d, (size_t) n * sizeof(float)); /* layer 6 hands its gradient to both */
    for (int i = 0; i < n; i++) d[i] = backward(RELU, r->y4[i], r->y5[i], d[i]);
    for (int j = 0; j < h; j++)
        batch_norm_backward(rows, h, j, r->y3, r->p[r->n4 + j], EPSILON, r->mean[j], r->variance[j], d, &r->g[r->n4 + j],
                            &r->g[r->n4 + h + j]);
    float *d2 = floats(n);
    dense_backward(r, rows, h, h, r->y2, r->w3, r->b3, d, d2);
    for (int i = 0; i < n; i++) d1[i] = d1[i] + d2[i] * r->mask[i];
    free(d2);
    zero(r->g + r->n1, 2 * h);
    for (int i = 0; i < rows; i++)
        layer_norm_backward(h, r->y0 + i * h, r->p + r->n1, EPSILON, d1 + i * h, r->g + r->n1, r->g + r->n1 + h);
    for (int i = 0; i < n; i++) d1[i] = backward(GELU, r->z0[i], r->y0[i], d1[i]);
    dense_backward(r, rows, r->inputs, h, x, r->w0, r->b0, d1, NULL);
}

static void update(Run *r, int rows, int t, float rate) {
    double sum = 0;
    for (int at = 0; at < r->count; at += 4096) {
        int n = r->count - at < 4096 ? r->count - at : 4096;
        sum = sum + row_dot(n, r->g + at, r->g + at);
    }
    float scale = (float) fmin(1, r->limit / (sqrt(sum) + 1e-6));
    const float b1 = 0.9f, b2 = 0.999f;
    float step_size = (float) (rate / (1 - pow(b1, t))), root_scale = (float) (1 / sqrt(1 - pow(b2, t)));
    float decay = (float) (1 - (double) rate * r->decay);
    int h = r->hidden, running = r->n4 + 2 * h;
    for (int i = 0; i < r->count; i++)
        if (i < running || i >= running + 2 * h)
            adam(scale, 0, b1, b2, 1e-8f, step_size, root_scale, decay, r->g[i], &r->m[i], &r->v[i], &r->p[i]);
    for (int j = 0; j < h; j++) {
        float *mean = &r->p[running + j], *variance = &r->p[running + h + j];
        *mean = fmaf(0x1.99999ap-4f, r->mean[j] - *mean, *mean);
        if (rows > 1)
            *variance = fmaf(0x1.99999ap-4f, r->variance[j] * ((float) rows / (float) (rows - 1)) - *variance, *variance);
    }
}

static double anneal(double a, double b, double p) { return b + (a - b) / 2 * (1 + cos(3.141592653589793 * p)); }
static float one_cycle(float base, double step, double total) {
    double first = base / 25.0, peak = 0.3 * total - 1;
    return (float) (step <= peak ? anneal(first, base, peak == 0 ? 1 : step / peak)
                                 : anneal(base, first / 1e4, (step - peak) / (total - 1 - peak)));
}

static void train(Run *r, float *x, const int *labels) {
    int n = r->inputs, steps = 0, per_epoch = (r->rows + r->batch - 1) / r->batch;
    int *order = malloc((size_t) r->rows * sizeof(int)), *batch_labels = malloc((size_t) r->batch * sizeof(int));
    float *batch_x = floats((size_t) r->batch * (size_t) n);
    standardize(r, x);
    start(r);
    for (int epoch = 1; epoch <= r->epochs; epoch++) {
        permutation(r->seed, SHUFFLE, (uint32_t) epoch, 0, r->rows, order);
        for (int at = 0; at < r->rows; at += r->batch) {
            int rows = r->rows - at < r->batch ? r->rows - at : r->batch;
            for (int i = 0; i < rows; i++) {
                memcpy(batch_x + i * n, x + order[at + i] * n, (size_t) n * sizeof(float));
                batch_labels[i] = labels[order[at + i]];
            }
            float rate = one_cycle(r->rate, steps, (double) per_epoch * r->epochs);
            forward(r, rows, batch_x, (uint32_t) steps);
            if (!isfinite(loss(r, rows, batch_labels))) exit(1);
            backward_pass(r, rows, batch_x);
            update(r, rows, ++steps, rate);
        }
    }
    free(order), free(batch_labels), free(batch_x);
}

/* Probabilities of rows that are standardised already: layer 4 is folded behind layer 3. */
static void score(Run *r, const float *x, float *probabilities) {
    int h = r->hidden, c = r->classes;
    const float *norm = r->p + r->n4;
    float *w = floats(h * h), *b = floats(h), *z = floats(h), *y1 = floats(h), *y3 = floats(h);
    for (int j = 0; j < h; j++) {
        double s = norm[j] / sqrt((double) norm[3 * h + j] + EPSILON), t = norm[h + j] - norm[2 * h + j] * s;
        for (int i = 0; i < h; i++) w[i * h + j] = (float) (r->p[r->w3 + i * h + j] * s);
        b[j] = (float) (r->p[r->b3 + j] * s + t);
    }
    for (int i = 0; i < r->rows; i++) {
        float *y = probabilities + i * c;
        dense(1, r->inputs, h, x + i * r->inputs, r->p + r->w0, r->p + r->b0, z);
        for (int j = 0; j < h; j++) z[j] = activate(GELU, z[j]);
        layer_norm(h, z, r->p + r->n1, r->p + r->n1 + h, EPSILON, y1);
        dense(1, h, h, y1, w, b, y3);
        for (int j = 0; j < h; j++) y3[j] = activate(RELU, y3[j]) + y1[j];
        dense(1, h, c, y3, r->p + r->w7, r->p + r->b7, y);
        softmax(c, y, y);
    }
    free(w), free(b), free(z), free(y1), free(y3);
}
