package io.lanewise.training;

import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/**
 * Cuts work on many equal things (rows, columns, parameters) into pieces and shares them out among a team; without one,
 * and where there is little to do, the caller does them one after the other. The pieces depend on the sizes alone, so a
 * piece is also what stays in cache between two kernels.
 */
final class Shares {
    /** One piece. */
    @FunctionalInterface
    interface Part {
        /**
         * Does things {@code first} to {@code first + count − 1}.
         *
         * @param member who does it, see {@link ThreadTeam.Task#run}
         */
        void run(int first, int count, int member);
    }

    // A team that spins takes 1 or 2 microseconds to start, one that sleeps some 50; in one microsecond a core goes
    // over some thousands of elements.
    private static final long FEWEST_ELEMENTS = 1 << 15;
    private static final Part NOTHING = (first, count, member) -> {};

    private final @Nullable ThreadTeam team;
    private final ThreadTeam.Task task = this::piece; // made once: a lambda for each call would be garbage
    private Part part = NOTHING;
    private int size;
    private int grain;

    Shares(final @Nullable ThreadTeam team) {
        this.team = team;
    }

    /** The number of threads. */
    int members() {
        return team == null ? 1 : team.threads();
    }

    /**
     * Does it all.
     *
     * @param size how many things there are
     * @param grain how many belong to one piece, at least 1
     * @param elements how many elements belong to one thing
     */
    void run(final int size, final int grain, final int elements, final Part part) {
        final int pieces = Math.ceilDiv(size, grain);
        this.size = size;
        this.grain = grain;
        this.part = part;
        if (team == null || (long) size * elements < FEWEST_ELEMENTS) {
            for (int i = 0; i < pieces; i++) {
                piece(i, 0);
            }
        } else {
            team.run(pieces, task);
        }
        this.part = NOTHING;
    }

    private void piece(final int index, final int member) {
        final int first = index * grain;
        part.run(first, Math.min(grain, size - first), member);
    }
}
