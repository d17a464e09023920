package io.lanewise.bench.contest;

import java.util.Locale;

/**
 * What a contest that measures times comes to.
 *
 * @param geometricMean of the ratios to the native library; NaN without it
 * @param worst the least of the ratios; NaN without it
 * @param worstCase where that was
 * @param allocated bytes by one call of Lanewise, at its worst case
 */
public record Verdict(double geometricMean, double worst, String worstCase, double allocated) {
    /**
     * The last line of the output.
     *
     * @param command what was run
     * @param rival the native library
     * @param call what a call is called
     */
    public String line(final String command, final String rival, final String call) {
        if (Double.isNaN(geometricMean)) {
            return String.format(
                    Locale.ROOT,
                    "bench %s: no %s to compare with, allocated %s bytes per %s",
                    command,
                    rival,
                    Columns.bytes(allocated),
                    call);
        }
        return String.format(
                Locale.ROOT,
                "bench %s: geometric mean %.2f of %s, worst %.2f at %s, allocated %s bytes per %s",
                command,
                geometricMean,
                rival,
                worst,
                worstCase,
                Columns.bytes(allocated),
                call);
    }
}
