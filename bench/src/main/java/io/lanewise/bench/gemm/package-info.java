/**
 * The contest of {@code ./lanewise bench gemm}: {@link io.lanewise.bench.gemm.GemmCommand} starts one
 * {@link io.lanewise.bench.gemm.GemmFork} after another, which measures all contestants in {@link io.lanewise.bench.contest.Rounds}, and
 * {@link io.lanewise.bench.gemm.Summary} makes the figures of what they report.
 */
package io.lanewise.bench.gemm;
