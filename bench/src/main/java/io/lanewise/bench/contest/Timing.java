package io.lanewise.bench.contest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one contestant at one problem, as a fork tells of them.
 *
 * @param problem what was computed
 * @param contestant its name
 * @param calls how many calls a turn has
 * @param nanos of a call, in each round
 * @param bytes allocated by a call, in each round
 * @param collections of garbage, in each round
 * @param fault why it was left out, or null
 */
public record Timing(
        String problem,
        String contestant,
        int calls,
        List<Double> nanos,
        List<Double> bytes,
        List<Long> collections,
        @Nullable String fault) {
    /** Of a contestant that took part. */
    static Timing of(final String problem, final Rounds.Turn turn) {
        return new Timing(
                problem, turn.contestant(), turn.calls(), turn.nanos(), turn.bytes(), turn.collections(), null);
    }

    /** Of one that was left out. */
    static Timing leftOut(final String problem, final String contestant, final String fault) {
        return new Timing(problem, contestant, 0, List.of(), List.of(), List.of(), fault);
    }
}
