package io.lanewise.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SettlingTest {
    /** Written to, so that what is allocated is not optimised away. */
    static volatile float[] kept = {};

    @Test
    void aRoundThatIsCutOffProvesNothing() {
        long bytes = 1;
        for (int i = 0; i < 10 && bytes > 0; i++) { // the first ones load classes
            final Settling settling = new Settling(1, Duration.ZERO);
            assertEquals(-1, settling.allocatedBytes(), "before the first round");
            assertTrue(settling.goesOn(), "the first round is always worth it");
            settling.startRound();
            assertFalse(settling.hasTime());
            settling.endRound();
            assertFalse(settling.goesOn());
            bytes = settling.allocatedBytes();
        }
        assertEquals(-1, bytes);
    }

    @Test
    void aRoundThatIsCutOffTellsWhatItAllocated() {
        final Settling settling = new Settling(1, Duration.ZERO);
        settling.startRound();
        kept = new float[1000];
        assertFalse(settling.hasTime());
        settling.endRound();
        assertTrue(settling.allocatedBytes() >= 4000, () -> settling.allocatedBytes() + " bytes");
    }

    @Test
    void theLastWholeRoundCounts() {
        final Settling settling = new Settling(1, Duration.ofDays(365_000));
        settling.startRound();
        kept = new float[1000];
        assertTrue(settling.hasTime());
        settling.took(0, 100);
        settling.endRound();
        assertTrue(settling.allocatedBytes() >= 4000, () -> settling.allocatedBytes() + " bytes");
        settling.startRound();
        assertTrue(settling.hasTime());
        settling.took(0, 100);
        settling.endRound();
        assertEquals(0, settling.allocatedBytes());
        assertTrue(settling.goesOn(), "half a second has not passed");
    }
}
