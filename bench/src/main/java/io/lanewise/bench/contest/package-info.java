/**
 * What the contests share, {@code ./lanewise bench gemm}, {@code inference} and {@code training}: a
 * {@link io.lanewise.bench.contest.ContestCommand} starts one virtual machine after another by
 * {@link io.lanewise.bench.contest.Children}; in each of them {@link io.lanewise.bench.contest.Rounds} alternate between
 * the contestants.
 */
package io.lanewise.bench.contest;
