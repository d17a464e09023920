package io.lanewise.bench.contest;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.reference.ReferenceKernels;
import org.jspecify.annotations.Nullable;

/** Lanewise itself: on the best backend, or on the scalar reference, that one on one thread. */
public abstract class Lanewise implements Library {
    private static final double SCALAR_FLOPS = 1 << 27;

    private final String name;
    private final Role role;
    private @Nullable ThreadTeam team;

    /** Takes part in a role: {@link Role#JAVA} is that of the scalar reference. */
    protected Lanewise(final String name, final Role role) {
        this.name = name;
        this.role = role;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Role role() {
        return role;
    }

    /** The backend. */
    protected final Kernels kernels() {
        return role == Role.JAVA ? ReferenceKernels.INSTANCE : Backends.best();
    }

    /** The threads to share large products out among; null for the calling thread alone. */
    protected final @Nullable ThreadTeam team() {
        return team;
    }

    @Override
    public final String open(final int threads) {
        if (threads > 1 && role != Role.JAVA) {
            team = ThreadTeam.of(threads);
        }
        return kernels().name() + (threads > 1 && role == Role.JAVA ? ", on one thread" : "");
    }

    /** Ends its threads. */
    public final void close() {
        if (team != null) {
            team.close();
        }
    }

    /** Whether a call with so much to compute takes too long. */
    protected final boolean tooMuch(final double flops) {
        return role == Role.JAVA && flops > SCALAR_FLOPS;
    }
}
