/* The arithmetic of docs/arithmetic.md, written from that page alone: an oracle for the kernels.
 *
 *   arithmetic OPERATION ARGUMENT... <in >out
 *
 * reads its operands as raw floats of this machine, one after the other and without gaps, and writes raw floats.
 * Compile with -ffp-contract=off and without -ffast-math, on a machine whose float is not kept in more precision. */
#include "training.h"
#include <stdio.h>

static char **arguments;
static int next_int(void) { return (int) strtol(*++arguments, NULL, 10); }
static uint64_t next_long(void) { return (uint64_t) strtoll(*++arguments, NULL, 10); }
static float next_float(void) { return strtof(*++arguments, NULL); }

static float *in(int count) {
    float *x = floats((size_t) count);
    if (fread(x, sizeof(float), (size_t) count, stdin) != (size_t) count) exit(1);
    return x;
}
static void out(int count, const float *x) {
    if (fwrite(x, sizeof(float), (size_t) count, stdout) != (size_t) count) exit(1);
}

static const char *const ACTIVATIONS[] = {"IDENTITY", "RELU", "LEAKY_RELU", "SIGMOID", "TANH", "ELU", "SELU", "GELU",
    "GELU_TANH", "SILU", "SOFTPLUS", "HARD_SIGMOID", "HARD_SWISH", "RELU6", NULL};
static const char *const LOSSES[] = {"SQUARED", "ABSOLUTE", "HUBER", "BINARY_CROSS_ENTROPY", NULL};

/* The number of the next argument among names. */
static int next_of(const char *const *names) {
    const char *name = *++arguments;
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(name, names[i]) == 0) return i;
    exit(2);
}

static float function(const char *name, float x) {
    static const struct { const char *name; float (*f)(float); } F[] = {
        {"exp", exp_}, {"expm1", expm1_}, {"log", log_}, {"log1p", log1p_}, {"sigmoid", sigmoid_}, {"tanh", tanh_},
        {"erf", erf_}};
    for (size_t i = 0; i < sizeof F / sizeof *F; i++)
        if (strcmp(name, F[i].name) == 0) return F[i].f(x);
    exit(2);
}

static void elementwise(const char *op) {
    if (strcmp(op, "function") == 0) {
        const char *name = *++arguments;
        int n = next_int();
        float *x = in(n);
        for (int i = 0; i < n; i++) x[i] = function(name, x[i]);
        out(n, x);
    } else { /* activation: f(x), and dy times the derivative */
        int f = next_of(ACTIVATIONS), n = next_int();
        float *x = in(n), *dy = in(n), *y = floats((size_t) n);
        for (int i = 0; i < n; i++) {
            y[i] = activate(f, x[i]);
            dy[i] = backward(f, x[i], y[i], dy[i]);
        }
        out(n, y), out(n, dy);
    }
}

static void rows_of(const char *op, int rows, int n) {
    float *x = in(rows * n), *y = floats((size_t) rows * (size_t) n), *l = floats((size_t) rows);
    if (strcmp(op, "softmax") == 0) {
        for (int i = 0; i < rows; i++) softmax(n, x + i * n, y + i * n);
    } else if (strcmp(op, "log-softmax") == 0) {
        for (int i = 0; i < rows; i++) log_softmax(n, x + i * n, y + i * n);
    } else if (strcmp(op, "cross-entropy") == 0) {
        float scale = next_float(), *labels = in(rows);
        for (int i = 0; i < rows; i++) l[i] = cross_entropy(n, x + i * n, (int) labels[i], scale, y + i * n);
    } else if (strcmp(op, "cross-entropy-of-weights") == 0) {
        float scale = next_float(), *t = in(rows * n);
        for (int i = 0; i < rows; i++) l[i] = cross_entropy_of_weights(n, x + i * n, t + i * n, scale, y + i * n);
    } else if (strcmp(op, "pointwise") == 0) {
        int f = next_of(LOSSES);
        float delta = next_float(), scale = next_float(), *t = in(rows * n);
        for (int i = 0; i < rows; i++) l[i] = pointwise(f, delta, n, x + i * n, t + i * n, scale, y + i * n);
    } else exit(2);
    out(rows * n, y), out(rows, l);
}

static void norms(const char *op, int rows, int n) {
    float epsilon = next_float(), *x = in(rows * n), *dy = in(rows * n), *weight = in(n), *bias = in(n);
    float *y = floats((size_t) rows * (size_t) n), *dw = floats((size_t) n), *db = floats((size_t) n);
    if (strcmp(op, "layer-norm") == 0)
        for (int i = 0; i < rows; i++) {
            layer_norm(n, x + i * n, weight, bias, epsilon, y + i * n);
            layer_norm_backward(n, x + i * n, weight, epsilon, dy + i * n, dw, db);
        }
    else
        for (int j = 0; j < n; j++) {
            float mean, variance;
            batch_norm(rows, n, j, x, weight[j], bias[j], epsilon, &mean, &variance, y);
            batch_norm_backward(rows, n, j, x, weight[j], epsilon, mean, variance, dy, &dw[j], &db[j]);
        }
    out(rows * n, y), out(rows * n, dy), out(n, dw), out(n, db);
}

/* a: the numbers that the optimiser takes, in the order of the kernel's. */
static void updates(const char *op, int n) {
    float a[8] = {0};
    for (int i = 0; i < 8; i++) a[i] = next_float();
    float *g = in(n), *m = in(n), *v = in(n), *p = in(n);
    for (int i = 0; i < n; i++)
        if (strcmp(op, "sgd") == 0) sgd(a[0], a[1], a[2], a[3] != 0, a[4], g[i], &m[i], &p[i]);
        else if (strcmp(op, "adam") == 0)
            adam(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], g[i], &m[i], &v[i], &p[i]);
        else rms_prop(a[0], a[1], a[2], a[3], a[4], a[5], g[i], &m[i], &v[i], &p[i]);
    out(n, m), out(n, v), out(n, p);
}

static void random_numbers(const char *op) {
    uint64_t seed = next_long();
    uint32_t purpose = (uint32_t) next_int(), step = (uint32_t) next_int();
    uint64_t element = next_long();
    int n = next_int();
    float rate = next_float(), *y = floats((size_t) n);
    int *order = malloc((size_t) n * sizeof(int) + 1);
    if (strcmp(op, "permutation") == 0) permutation(seed, purpose, step, element, n, order);
    for (int i = 0; i < n; i++)
        y[i] = strcmp(op, "uniform") == 0 ? uniform(seed, purpose, step, element + (uint64_t) i)
             : strcmp(op, "dropout") == 0 ? dropped(rate, seed, step, element + (uint64_t) i) : (float) order[i];
    out(n, y);
}

static void training(void) {
    Run r = {0};
    r.rows = next_int(), r.inputs = next_int(), r.hidden = next_int(), r.classes = next_int();
    r.epochs = next_int(), r.batch = next_int(), r.seed = next_long();
    r.rate = next_float(), r.decay = next_float(), r.dropout = next_float();
    r.smoothing = next_float(), r.limit = next_float();
    float *x = in(r.rows * r.inputs), *y = in(r.rows), *probabilities = floats((size_t) r.rows * (size_t) r.classes);
    int *labels = malloc((size_t) r.rows * sizeof(int));
    for (int i = 0; i < r.rows; i++) labels[i] = (int) y[i];
    train(&r, x, labels);
    score(&r, x, probabilities);
    out(r.count, r.p), out(r.rows * r.classes, probabilities);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    const char *op = *(arguments = argv + 1);
    if (strcmp(op, "function") == 0 || strcmp(op, "activation") == 0) elementwise(op);
    else if (strcmp(op, "training") == 0) training();
    else if (strcmp(op, "uniform") == 0 || strcmp(op, "dropout") == 0 || strcmp(op, "permutation") == 0) random_numbers(op);
    else if (strcmp(op, "sgd") == 0 || strcmp(op, "adam") == 0 || strcmp(op, "rms-prop") == 0) updates(op, next_int());
    else {
        int rows = next_int(), n = next_int();
        if (strcmp(op, "layer-norm") == 0 || strcmp(op, "batch-norm") == 0) norms(op, rows, n);
        else rows_of(op, rows, n);
    }
    return 0;
}
