package io.lanewise.verify;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/**
 * What the work is done with; nothing of it may change a bit.
 *
 * @param kernels the backend
 * @param team the threads that share the work; null for the calling thread alone
 */
public record Setting(Kernels kernels, @Nullable ThreadTeam team) {
    /** The memory for products of up to so many rows, columns and steps. */
    Scratchpad scratchpad(final int m, final int n, final int k) {
        return kernels.scratchpad(m, n, k, team);
    }

    /** The memory of kernels that make no product. */
    Scratchpad scratchpad() {
        return scratchpad(0, 0, 0);
    }
}
