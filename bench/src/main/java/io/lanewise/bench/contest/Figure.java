package io.lanewise.bench.contest;

import java.util.List;

/**
 * A figure over the forks; NaN where there is none.
 *
 * @param median of the forks
 * @param worst of the forks
 */
public record Figure(double median, double worst) {
    /** Of speeds or ratios: the least is the worst. */
    public static Figure ofSpeeds(final List<Double> forks) {
        return new Figure(Statistics.median(forks), Statistics.least(forks));
    }

    /** Of times: the greatest is the worst. */
    public static Figure ofTimes(final List<Double> forks) {
        return new Figure(Statistics.median(forks), Statistics.greatest(forks));
    }
}
