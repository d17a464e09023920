/**
 * The contest of {@code ./lanewise bench training}: {@link io.lanewise.bench.training.TrainingCommand} starts one
 * {@link io.lanewise.bench.training.TrainingFork} after another, which lets all contestants take the same steps,
 * compares what they come to by a {@link io.lanewise.bench.training.Check}, and measures them in
 * {@link io.lanewise.bench.contest.Rounds}; {@link io.lanewise.bench.training.Summary} makes the figures of what they
 * report.
 */
package io.lanewise.bench.training;
