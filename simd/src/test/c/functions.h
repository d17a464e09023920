/* Sections 1 to 3 of docs/arithmetic.md: the functions of one float, the activations and their derivatives.
 * Written from that page, not from the Java code. Needs -ffp-contract=off, and no -ffast-math. */
#include <math.h>
#include <stdint.h>
#include <string.h>

static int32_t bits(float x) { int32_t i; memcpy(&i, &x, sizeof i); return i; }
static float from_bits(int32_t i) { float x; memcpy(&x, &i, sizeof x); return x; }
static int32_t wrap(uint32_t i) { int32_t j; memcpy(&j, &i, sizeof j); return j; }
static int32_t plus(int32_t a, int32_t b) { return wrap((uint32_t) a + (uint32_t) b); }
static int32_t minus(int32_t a, int32_t b) { return wrap((uint32_t) a - (uint32_t) b); }
static int32_t half(int32_t i) { return i < 0 ? ~(~i >> 1) : i >> 1; } /* keeps the sign, as >> need not in C */
static int32_t exponent(int32_t i) { return i < 0 ? ~(~i >> 23) : i >> 23; }
static int32_t raised(int32_t i) { return wrap((uint32_t) i << 23); }
static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }
static int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

#define SIGN wrap(0x80000000u)
#define LOG2_E 0x1.715476p0f
#define LN2_HIGH 0x1.62e43p-1f
#define LN2_LOW -0x1.05c61p-29f
#define LN2_SHORT 0x1.62e4p-1f
#define LN2_REST 0x1.7f7d1cp-20f
#define ROUND 0x1.8p23f
#define ROUND_BITS 0x4b400000
#define BIASED 0x1.8000fep23f
#define BIASED_TWICE 0x1.8001fcp23f

static float horner(const float *c, int n, float x) { /* c[0] is that of the highest power */
    float p = c[0];
    for (int i = 1; i < n; i++) p = fmaf(p, x, c[i]);
    return p;
}

static float clamp(float x, float lo, float hi) { float y = x < lo ? lo : x; return y > hi ? hi : y; }
static float pow2i(int32_t e) { return from_bits(raised(e)); }
static float with_sign(float x, float y) { return from_bits(bits(y) | (bits(x) & SIGN)); }

static float rest(float h, float l) {
    static const float E[] = {0x1.6a4d6p-10f, 0x1.12398ep-7f, 0x1.5558bp-5f, 0x1.555492p-3f, 0x1.fffffcp-2f};
    float r = h + l;
    return fmaf(r * r, horner(E, 5, r), l);
}
static float expm1_of(float y, float n) {
    float h = fmaf(n, -(LN2_HIGH), y);
    return h + rest(h, n * -(LN2_LOW));
}
static float expm1_of2(float y, float y_rest, float n) {
    float h = fmaf(n, -(LN2_HIGH), y);
    return h + rest(h, fmaf(n, -(LN2_LOW), y_rest));
}

/* What exp, expm1, sigmoid and the gates begin with. */
typedef struct { int32_t e, i; float w; } Reduced;
static Reduced reduced(float y) {
    float s = fmaf(y, LOG2_E, BIASED_TWICE);
    Reduced r = {bits(s), half(bits(s)), expm1_of(y, s - BIASED_TWICE)};
    return r;
}

static float exp_(float x) {
    Reduced r = reduced(clamp(x, -104, 89));
    float a = pow2i(r.i), b = pow2i(minus(r.e, r.i));
    return fmaf(r.w, a, a) * b;
}
static float expm1_(float x) {
    Reduced r = reduced(clamp(x, -30, 89));
    int32_t j = minus(r.e, r.i);
    float a = pow2i(r.i), v = pow2i(minus(254, j));
    return with_sign(x, fmaf(r.w, a, a - v) * pow2i(j));
}

static float log_poly(float f) {
    static const float L[] = {-0x1.07c062p-3f, 0x1.1e6e02p-3f, -0x1.f33432p-4f, 0x1.1ed52ep-3f, -0x1.559c5ep-3f,
                              0x1.99d052p-3f, -0x1.fffefap-3f, 0x1.555506p-2f, -0x1p-1f};
    return horner(L, 9, f);
}
static float log_parts(float k, float f) {
    float h = k * LN2_SHORT, s = h + f, lost = f - (s - h);
    return s + fmaf(f * f, log_poly(f), fmaf(k, LN2_REST, lost));
}
static float log_(float x) {
    int tiny = x < 0x1p-126f;
    int32_t b = bits(tiny ? x * 0x1p24f : x), e = exponent(minus(b, 0x3f2aaaab));
    float f = from_bits(minus(b, raised(e))) - 1;
    float k = from_bits(plus(ROUND_BITS, e)) - (tiny ? ROUND + 24 : ROUND);
    return x == 0 ? -INFINITY : x < 0 ? NAN : x < INFINITY ? log_parts(k, f) : x;
}
static float log1p_(float x) {
    float u = 1 + x, added = u - 1, lost = (1 - (u - added)) + (x - added);
    int32_t b = bits(u), e = minus(b, 0x3f2aaaab) & wrap(0xff800000u);
    float v = from_bits(larger(minus(0x3f800000, e), 0));
    float f = fmaf(lost, v, from_bits(minus(b, e)) - 1);
    float k = from_bits(plus(ROUND_BITS, exponent(e))) - ROUND;
    return with_sign(x, u == 0 ? -INFINITY : u < 0 ? NAN : u < INFINITY ? log_parts(k, f) : x);
}

typedef struct { float w, one, scale, below; } Fraction; /* 1 / (1 + e^-x) is one / below */
static Fraction fraction(float x) {
    Reduced r = reduced(clamp(-x, -104, 104));
    float one = pow2i(minus(254, r.i)), scale = pow2i(minus(r.e, r.i));
    float sum = one + scale, lost = one - (sum - scale);
    Fraction f = {r.w, one, scale, sum + fmaf(r.w, scale, lost)};
    return f;
}
static float sigmoid_(float x) { Fraction f = fraction(x); return f.one / f.below; }
static float tanh_(float x) {
    float m = fabsf(x), y = -2 * (m > 10 ? 10 : m);
    float s = fmaf(y, LOG2_E, BIASED), w = expm1_of(y, s - BIASED), scale = pow2i(bits(s));
    float t = fmaf(w, scale, scale - 1) / fmaf(w, scale, scale + 1);
    return from_bits(smaller(bits(fabsf(t)), bits(m)) | (bits(x) & SIGN));
}

static float erf_(float x) {
    static const float Y[] = {-0x1.3945dp-17f, 0x1.f081cp-14f, -0x1.4d3686p-11f, 0x1.b65cd2p-10f, -0x1.5beb96p-13f,
                              -0x1.39c046p-6f, 0x1.a4f95ap-4f, 0x1.45f2fep-1f};
    const float Y0 = 0x1.20dd76p0f, Y0_REST = -0x1.f7ac92p-25f;
    float m = fabsf(x), a = m > 4 ? 4 : m, p = horner(Y, 8, a);
    float q = fmaf(p, a, Y0), q_rest = fmaf(p, a, Y0 - q) + Y0_REST;
    float y = q * -a, y_rest = fmaf(q_rest, -a, fmaf(q, -a, -y));
    float s = fmaf(y, LOG2_E, BIASED), w = expm1_of2(y, y_rest, s - BIASED), scale = pow2i(bits(s));
    return with_sign(x, fabsf(fmaf(-w, scale, 1 - scale)));
}

static float softplus_(float x) {
    const int32_t LEAST = 0x4b400001;
    float c = -fabsf(x), y = c < -104 ? -104 : c;
    float s = fmaf(y, LOG2_E, BIASED), n = s - BIASED;
    float h = fmaf(n, -(LN2_HIGH), y), t = rest(h, n * -(LN2_LOW)), w = h + t, w_lost = t - (w - h);
    int32_t e = bits(s), e1 = larger(e, LEAST);
    float a = pow2i(e1), b = pow2i(plus(127, minus(e, e1)));
    int large = y > -0x1.193ea8p0f;
    float scale = a * (large ? 0.5f : 1.0f), start = scale + (large ? -0.5f : 0.0f);
    float g = fmaf(w, scale, start), f = g * b;
    float f_lost = fmaf(w_lost, scale, fmaf(w, scale, start - g)) * b;
    float l = x < 0 ? 0 : x, lf = l + f, l_lost = f - (lf - l);
    float ln2 = large ? LN2_SHORT : 0, sum = ln2 + lf, lost = lf - (sum - ln2);
    float small = (large ? LN2_REST : 0) + ((l_lost + lost) + f_lost);
    return x < INFINITY ? sum + fmaf(f * f, log_poly(f), small) : x;
}

static float times_sigmoid(float v, int32_t e, float w) {
    int32_t i = larger(half(e), 0x25a0007f);
    float one = pow2i(minus(254, i)), scale = pow2i(minus(e, i));
    float sum = one + scale, lost = one - (sum - scale);
    return v * one / (sum + fmaf(w, scale, lost));
}
static float silu_(float x) {
    float v = x < -120 ? -120 : x, y = -v < -60 ? -60 : -v;
    Reduced r = reduced(y);
    return times_sigmoid(v, r.e, r.w);
}
static float gelu_tanh_(float x) {
    const float SCALE = -0x1.2444f2p-4f, SCALE_REST = -0x1.49b16ap-29f;
    const float SQUARE = 0x1.66p4f, SQUARE_REST = -0x1.6d0914p-7f;
    float v = x < -11 ? -11 : x, d = v > 8 ? 8 : v;
    float q = fmaf(d, d, SQUARE), q_rest = fmaf(d, d, -(q - SQUARE)) + SQUARE_REST;
    float c = d * q, c_rest = fmaf(d, q_rest, fmaf(d, q, -c));
    float y = c * SCALE, lost = fmaf(c, SCALE, -y), y_rest = fmaf(c, SCALE_REST, fmaf(c_rest, SCALE, lost));
    float s = fmaf(y, LOG2_E, BIASED_TWICE), w = expm1_of2(y, y_rest, s - BIASED_TWICE);
    return times_sigmoid(v, bits(s), w);
}

#define K 0x1.2cp1f
#define R0 0x1.6523p-1f
static float tail(float t) {
    static const float R[] = {-0x1.3063b8p-14f, -0x1.ef1e12p-13f, 0x1.e98e6cp-18f, 0x1.41872ap-10f, 0x1.b0050ep-10f,
                              -0x1.1ddf4ep-8f, -0x1.b5d5bap-7f, 0x1.664182p-6f, 0x1.982a18p-4f, -0x1.9eaf7ep-2f};
    return horner(R, 10, t);
}
static float gelu_(float x) {
    float m = fabsf(x), a = m > 14.5f ? 14.5f : m, u = a + K, u_lost = a - (u - K);
    float r0 = 1 / u, r = fmaf(r0, fmaf(-r0, u_lost, fmaf(-r0, u, 1)), r0);
    float t = fmaf(r, -2 * K, 1), p = tail(t);
    float g = fmaf(p, t, R0), g_lost = fmaf(p, t, R0 - g);
    float b = a * g, b_lost = fmaf(a, g_lost, fmaf(a, g, -b));
    float h = a * -0.5f, y = a * h, y_rest = fmaf(a, h, -y);
    float s = fmaf(y, LOG2_E, BIASED_TWICE), w = expm1_of2(y, y_rest, s - BIASED_TWICE);
    int32_t e = bits(s), i = half(e);
    float n = fmaf(w, b, b), n_lost = fmaf(w, b, b - n) + fmaf(w, b_lost, b_lost);
    float q = n * r, rem = fmaf(-q, u, n) + fmaf(-q, u_lost, n_lost);
    float z = fmaf(rem, r, q) * pow2i(i);
    return fmaf(-z, pow2i(minus(e, i)), x < 0 ? -0.0f : x);
}

/* Section 3. */
enum { IDENTITY, RELU, LEAKY_RELU, SIGMOID, TANH, ELU, SELU, GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SIGMOID, HARD_SWISH,
       RELU6 };
#define LEAKY_SLOPE 0x1.47ae14p-7f
#define SELU_POSITIVE 0x1.0cfabep0f
#define SELU_NEGATIVE 0x1.c212ccp0f
#define HARD_SLOPE 0x1.555556p-3f

static float hard_sigmoid(float x) { return clamp(fmaf(x, HARD_SLOPE, 0.5f), 0, 1); }
static float activate(int f, float x) {
    switch (f) {
        case RELU: return x < 0 ? 0 : x;
        case LEAKY_RELU: return x < 0 ? x * LEAKY_SLOPE : x;
        case SIGMOID: return sigmoid_(x);
        case TANH: return tanh_(x);
        case ELU: return x < 0 ? expm1_(x) : x;
        case SELU: return x < 0 ? expm1_(x) * SELU_NEGATIVE : x * SELU_POSITIVE;
        case GELU: return gelu_(x);
        case GELU_TANH: return gelu_tanh_(x);
        case SILU: return silu_(x);
        case SOFTPLUS: return softplus_(x);
        case HARD_SIGMOID: return hard_sigmoid(x);
        case HARD_SWISH: return (x < -3 ? -3 : x) * hard_sigmoid(x);
        case RELU6: return clamp(x, 0, 6);
        default: return x;
    }
}

static float gate_slope(float v, float z, float slope) {
    Fraction f = fraction(z);
    float r = 1 / f.below, c = fmaf(f.w, f.scale, f.scale) * r;
    return f.one * r * fmaf(v * c, slope, 1);
}
static float gelu_tanh_slope(float x) {
    const float A = 0x1.988454p0f, B = 0x1.2444f2p-4f;
    float v = clamp(x, -11, 11), q = v * v;
    return gate_slope(v, v * fmaf(q, B, A), fmaf(q, 3 * B, A));
}
static float gelu_slope(float x) {
    const float DENSITY = 0x1.988454p-2f;
    float v = clamp(x, -14.5f, 14.5f), a = fabsf(v), r = 1 / (a + K), t = fmaf(r, -2 * K, 1);
    float g = fmaf(tail(t), t, R0), e = exp_(a * (a * -0.5f)), q = g * r * e;
    return fmaf(v * DENSITY, e, v < 0 ? q : 1 - q);
}

/* x is what the activation was given, y what it gave; each derivative uses one of them. */
static float backward(int f, float x, float y, float dy) {
    switch (f) {
        case RELU: return y > 0 ? dy : 0;
        case LEAKY_RELU: return y > 0 ? dy : dy * LEAKY_SLOPE;
        case RELU6: return y > 0 && y < 6 ? dy : 0;
        case SIGMOID: return dy * (y * (1 - y));
        case TANH: return dy * fmaf(-y, y, 1);
        case ELU: return y > 0 ? dy : dy * (y + 1);
        case SELU: return y > 0 ? dy * SELU_POSITIVE : dy * (y + SELU_NEGATIVE);
        case SOFTPLUS: return dy * -expm1_(-y);
        case HARD_SIGMOID: return y > 0 && y < 1 ? dy * HARD_SLOPE : 0;
        case HARD_SWISH: return dy * (x > 3 ? 1 : x < -3 ? 0 : fmaf(x, 2 * HARD_SLOPE, 0.5f));
        case SILU: { float v = clamp(x, -120, 120); return dy * gate_slope(v, v, 1); }
        case GELU: return dy * gelu_slope(x);
        case GELU_TANH: return dy * gelu_tanh_slope(x);
        default: return dy;
    }
}
