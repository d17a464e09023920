package io.lanewise.kernel;

/**
 * A backend as {@link java.util.ServiceLoader} finds it. Loading a provider must succeed on every machine; whether its
 * kernels can run here is what {@link #support} says.
 */
public interface KernelsProvider {
    /** The name that the system property {@value Backends#PROPERTY} selects it by: {@code simd}, {@code scalar}. */
    String name();

    /** The fast backends have the higher numbers; the scalar reference has 0. */
    int priority();

    /** Whether this backend can run on this machine, and what stands in its way. */
    Support support();

    /**
     * The kernels. Called only when {@link #support} does not say {@link Support.Level#IMPOSSIBLE}.
     */
    Kernels kernels();

    /**
     * What a backend says of the machine it is on.
     *
     * @param level whether it runs, and how
     * @param reason what stands in the way and what to do about it; for {@link Level#FAST} what was found
     */
    record Support(Level level, String reason) {
        /** How a backend would run. */
        public enum Level {
            /** As meant. */
            FAST,
            /** With the right results, but so slowly that it is used only when asked for by name. */
            SLOW,
            /** Not at all. */
            IMPOSSIBLE
        }
    }
}
