package io.lanewise.bench.math;

import io.lanewise.bench.contest.Child;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Rounds;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.simd.OpenVectorMath;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One virtual machine of {@link MathCommand}: the two sides of each function take turns. */
final class MathFork {
    private static final int LENGTH = 4096; // floats: two such arrays fill the first-level cache
    private static final int ROUNDS = 31;
    private static final double MILLIS = 4;

    /** A step of {@link Clock} takes so many cycles: three shifts and three exclusive ors, each of which waits. */
    private static final double CYCLES = 6;

    private final float[] x = arguments();

    private MathFork() {}

    /**
     * What to measure.
     *
     * @param seed of the order in a round
     */
    record Task(long seed) {}

    /**
     * The nanoseconds of one element, medians of the rounds.
     *
     * @param function its name
     * @param lanewise of ours
     * @param vectorApi of the Vector API's, NaN if there is none
     * @param cycle of the clock, measured in the same rounds
     */
    record Figure(String function, double lanewise, double vectorApi, double cycle) {}

    /**
     * What was measured.
     *
     * @param width of vectors, in bits
     * @param figures one for each function
     */
    record Report(int width, List<Figure> figures) {}

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        Child.main(args, Task.class, task -> new MathFork().run(task));
    }

    private static float[] arguments() {
        final float[] x = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            x[i] = 0.01f + (i * 31 % LENGTH) * (3.99f / LENGTH); // log has no easy case there
        }
        return x;
    }

    private Report run(final Task task) throws InterruptedException {
        final Rounds rounds = new Rounds(ROUNDS, MILLIS, 1, false, 0, new Random(task.seed()));
        final List<Figure> figures = new ArrayList<>();
        for (final OpenVectorMath.Function function : OpenVectorMath.Function.values()) {
            figures.add(figure(function, rounds));
        }
        return new Report(OpenVectorMath.FLOATS.vectorBitSize(), figures);
    }

    private Figure figure(final OpenVectorMath.Function function, final Rounds rounds) throws InterruptedException {
        final List<Rounds.Turn> turns = new ArrayList<>();
        turns.add(rounds.calibrated("clock", new Clock()));
        turns.add(calibrated("lanewise", function, rounds));
        VectorApi.of(function).ifPresent(loop -> {
            turns.add(calibrated("Vector API", loop, rounds));
            check(function, loop);
        });
        rounds.run(turns);
        return new Figure(
                function.name(),
                nanos(turns.get(1)) / LENGTH,
                turns.size() > 2 ? nanos(turns.get(2)) / LENGTH : Double.NaN,
                nanos(turns.getFirst()) / Clock.STEPS / CYCLES);
    }

    private Rounds.Turn calibrated(final String name, final OpenVectorMath.Loop loop, final Rounds rounds) {
        final Job job = new Elements(loop, x);
        rounds.warmUp(job);
        return rounds.calibrated(name, job);
    }

    private void check(final OpenVectorMath.Function function, final OpenVectorMath.Loop loop) {
        final float[] ours = new float[LENGTH];
        final float[] theirs = new float[LENGTH];
        function.run(x, ours);
        loop.run(x, theirs);
        for (int i = 0; i < LENGTH; i++) {
            if (!(Math.abs(ours[i] - theirs[i]) <= 1e-5f * Math.max(1f, Math.abs(ours[i])))) {
                throw new IllegalStateException(
                        function + " of " + x[i] + " is " + ours[i] + " here, but " + theirs[i] + " by the Vector API");
            }
        }
    }

    private static double nanos(final Rounds.Turn turn) {
        return Statistics.median(turn.nanos());
    }

    private record Elements(OpenVectorMath.Loop loop, float[] x, float[] result) implements Job {
        Elements(final OpenVectorMath.Loop loop, final float[] x) {
            this(loop, x, new float[LENGTH]);
        }

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                loop.run(x, result);
            }
        }
    }

    /** A chain of operations whose cycles are known, to tell how long a cycle is. */
    private static final class Clock implements Job {
        static final int STEPS = 10_000;
        private long state = 1;

        @Override
        public void run(final int calls) {
            long s = state;
            for (int i = 0; i < calls; i++) {
                for (int j = 0; j < STEPS; j++) {
                    s ^= s << 13;
                    s ^= s >>> 7;
                    s ^= s << 17;
                }
            }
            state = s;
        }

        @Override
        public float[] result() {
            return new float[] {state};
        }
    }
}
