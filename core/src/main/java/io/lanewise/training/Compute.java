package io.lanewise.training;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import org.jspecify.annotations.Nullable;

/** What all layers of a session compute with, and the parameters and gradients that they share. */
final class Compute {
    final Kernels kernels;
    final Shares shares;
    final Scratchpad scratchpad; // of products, which use the team themselves
    final float[] parameters; // (parameterCount)
    final float[] gradients; // (parameterCount)
    private final Scratchpad[] own; // (members): of kernels in a piece of work

    Compute(
            final Kernels kernels,
            final @Nullable ThreadTeam team,
            final Mlp mlp,
            final int maxRows,
            final float[] parameters) {
        this.kernels = kernels;
        this.shares = new Shares(team);
        this.parameters = parameters;
        this.gradients = new float[parameters.length];
        // Y = X · W, dX = dY · Wᵀ and dW = Xᵀ · dY: each size may be any of the three.
        final int widest = Math.max(mlp.inputs(), mlp.widest());
        this.scratchpad = kernels.scratchpad(Math.max(widest, maxRows), widest, Math.max(widest, maxRows), team);
        this.own = new Scratchpad[shares.members()];
        for (int i = 0; i < own.length; i++) {
            own[i] = kernels.scratchpad(0, 0, 0);
        }
    }

    /** The memory of a member of the team for kernels that are not products. */
    Scratchpad scratchpad(final int member) {
        return own[member];
    }
}
