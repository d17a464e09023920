package io.lanewise.bench.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.bench.contest.Job;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void keepsBusyHalfTheTime() {
        final Schedule schedule = Schedule.half(5_000);
        assertEquals(100_000, schedule.perSecond(), 1e-6);
        assertEquals(0, schedule.due(0));
        assertEquals(10_000, schedule.due(1));
        assertEquals(50_000, schedule.requests(0.5));
    }

    @Test
    void doesNotDrift() {
        final Schedule schedule = new Schedule(3e6); // 333.3 ns between two
        assertEquals(333, schedule.due(1));
        assertEquals(667, schedule.due(2));
        assertEquals(60_000_000_000L, schedule.due(180_000_000));
    }

    @Test
    void sendsAtLeastOneRequest() {
        assertEquals(1, new Schedule(0.1).requests(0.5));
    }

    @Test
    void knowsWhoCannotKeepUp() {
        final Schedule schedule = Schedule.half(1_000);
        assertFalse(schedule.overloads(1_000));
        assertFalse(schedule.overloads(1_800));
        assertTrue(schedule.overloads(1_950));
        assertTrue(schedule.overloads(5_000));
    }

    @Test
    void countsFromWhenARequestWasDue() {
        final long pause = 20_000_000;
        final Histogram latencies = OpenLoop.histogram();
        final Job pausing = new Job() {
            private int calls;

            @Override
            public void run(final int count) {
                calls += count;
                if (calls == 20) { // the tenth that counts
                    final long start = System.nanoTime();
                    while (System.nanoTime() - start < pause) {
                        Thread.onSpinWait();
                    }
                }
            }

            @Override
            public float[] result() {
                return new float[0];
            }
        };
        OpenLoop.run(pausing, new Schedule(10_000), 0.1, latencies);
        assertEquals(1000, latencies.getTotalCount());
        assertTrue(latencies.getMaxValue() >= pause);
        // A closed loop would tell of one slow request: those behind it waited too, for 200 periods of 0.1 ms.
        assertTrue(
                latencies.getCountBetweenValues(pause / 2, latencies.getMaxValue()) >= 90,
                "not only the slow request counts");
    }
}
