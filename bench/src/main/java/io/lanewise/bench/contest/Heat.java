package io.lanewise.bench.contest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** One problem of a contest: those whose results are right take part in its rounds. */
public final class Heat {
    private final Rounds rounds;
    private final String problem;
    private final List<Rounds.Turn> turns = new ArrayList<>();
    private final List<Timing> leftOut = new ArrayList<>();

    /** Without contestants yet. */
    public Heat(final Rounds rounds, final String problem) {
        this.rounds = rounds;
        this.problem = problem;
    }

    /**
     * Lets a contestant take part, and warms it up.
     *
     * @param prepared makes its work ready and checks it; where that throws, the contestant is left out, and the reason
     *     reported
     */
    public void enter(final Library contestant, final Callable<? extends Job> prepared) {
        final Job job;
        try {
            job = prepared.call();
        } catch (final WrongResult e) {
            leftOut.add(Timing.leftOut(problem, contestant.name(), String.valueOf(e.getMessage())));
            return;
        } catch (final Exception e) {
            leftOut.add(Timing.leftOut(problem, contestant.name(), e.toString()));
            return;
        }
        if (contestant.role() == Role.LANEWISE) {
            rounds.untilCompiled(job);
        }
        turns.add(rounds.calibrated(contestant.name(), job));
    }

    /** Runs the rounds. */
    public List<Rounds.Turn> run() throws InterruptedException {
        rounds.run(turns);
        return List.copyOf(turns);
    }

    /** Closes what was made ready, and reports. */
    public List<Timing> close() {
        final List<Timing> timings = new ArrayList<>(leftOut);
        for (final Rounds.Turn turn : turns) {
            timings.add(Timing.of(problem, turn));
            turn.job().close();
        }
        return timings;
    }
}
