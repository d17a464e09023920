/**
 * The contest of {@code ./lanewise bench inference}: {@link io.lanewise.bench.inference.InferenceCommand} starts one
 * {@link io.lanewise.bench.inference.InferenceFork} after another, which measures all contestants in
 * {@link io.lanewise.bench.contest.Rounds}, and a batch of one row in an {@link io.lanewise.bench.inference.OpenLoop}
 * too; {@link io.lanewise.bench.inference.Summary} makes the figures of what they report.
 */
package io.lanewise.bench.inference;
