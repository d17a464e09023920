package io.lanewise.kernel;

import io.lanewise.kernel.KernelsProvider.Support;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Chooses a backend: the one of the highest priority that is fast on this machine, or the one that the system property
 * {@value #PROPERTY} names. When a faster backend is present but cannot be used, that is logged once, with the remedy.
 */
public final class Backends {
    /** The system property that forces a backend: {@code simd} or {@code scalar}. */
    public static final String PROPERTY = "lanewise.kernels";

    private static final String WITHOUT_FMA =
            "this CPU, or this Java by its flags, has no fused multiply-add: results are the same, but everything"
                    + " takes a hundred times as long or more; use a CPU with FMA (x86-64: 2013 or newer), and remove"
                    + " -XX:-UseFMA and -XX:UseAVX";

    private static final System.Logger LOG = System.getLogger("io.lanewise.kernel");

    private Backends() {}

    /**
     * The kernels to use when nobody chose others. The choice is made at the first call and never changes.
     *
     * @throws IllegalStateException if {@value #PROPERTY} names a backend that is unknown or cannot run here
     */
    public static Kernels best() {
        return Best.KERNELS.kernels();
    }

    /** All backends that were found, those of higher priority first. */
    public static List<Candidate> candidates() {
        final List<Candidate> candidates = new ArrayList<>();
        final Iterator<ServiceLoader.Provider<KernelsProvider>> providers =
                ServiceLoader.load(KernelsProvider.class, Backends.class.getClassLoader()).stream()
                        .iterator();
        while (providers.hasNext()) {
            try {
                final KernelsProvider provider = providers.next().get();
                candidates.add(new Candidate(provider, provider.support()));
            } catch (final ServiceConfigurationError | LinkageError e) {
                LOG.log(System.Logger.Level.WARNING, "a backend could not be loaded and is not used", e);
            }
        }
        candidates.sort(Comparator.comparingInt((Candidate c) -> c.provider().priority())
                .reversed());
        return List.copyOf(candidates);
    }

    /**
     * Chooses among candidates.
     *
     * @param candidates those of higher priority first
     * @param forced the name of the backend to use, or empty for the first one that is fast
     * @throws IllegalStateException if the forced backend is unknown or cannot run here, or none can
     */
    public static Choice choose(final List<Candidate> candidates, final String forced) {
        final String name = forced.toLowerCase(Locale.ROOT);
        final List<String> refusals = new ArrayList<>();
        for (final Candidate candidate : candidates) {
            final Support support = candidate.support();
            if (name.isEmpty()) {
                if (support.level() == Support.Level.FAST) {
                    return new Choice(candidate.provider(), List.copyOf(refusals));
                }
                refusals.add(candidate.provider().name() + " kernels are not used: " + support.reason());
            } else if (candidate.provider().name().equals(name)) {
                if (support.level() == Support.Level.IMPOSSIBLE) {
                    throw new IllegalStateException(
                            "-D" + PROPERTY + "=" + forced + " cannot be used: " + support.reason());
                }
                return new Choice(candidate.provider(), List.of());
            }
        }
        throw new IllegalStateException("no backend "
                + (name.isEmpty() ? "can run here" : "is called '" + forced + "' (-D" + PROPERTY + ")")
                + "; found: "
                + candidates.stream().map(c -> c.provider().name()).toList());
    }

    /**
     * A backend and what it says of this machine.
     *
     * @param provider the backend
     * @param support whether it can run here
     */
    public record Candidate(KernelsProvider provider, Support support) {}

    /**
     * A choice.
     *
     * @param provider the backend to use
     * @param refusals a sentence for each faster backend that is present but cannot be used
     */
    public record Choice(KernelsProvider provider, List<String> refusals) {}

    /** Initialised at the first call of {@link #best}: the virtual machine makes sure that it happens once. */
    private static final class Best {
        static final Holder KERNELS = select();

        private static Holder select() {
            try {
                final List<Candidate> candidates = candidates();
                final Choice choice = choose(candidates, System.getProperty(PROPERTY, ""));
                choice.refusals().forEach(refusal -> LOG.log(System.Logger.Level.WARNING, refusal));
                if (!FloatingPoint.isFmaFast() && choice.refusals().isEmpty()) {
                    LOG.log(System.Logger.Level.WARNING, WITHOUT_FMA);
                }
                if (candidates.size() == 1 && System.getProperty(PROPERTY, "").isEmpty()) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "only the slow {0} kernels were found: add lanewise-simd to the class path or module path",
                            candidates.getFirst().provider().name());
                }
                return new Holder(choice.provider().kernels(), "");
            } catch (final IllegalStateException e) {
                return new Holder(null, String.valueOf(e.getMessage()));
            }
        }
    }

    /** The outcome of the selection: an exception in a static initialiser would be an Error at the second call. */
    private record Holder(@org.jspecify.annotations.Nullable Kernels chosen, String failure) {
        Kernels kernels() {
            if (chosen == null) {
                throw new IllegalStateException(failure);
            }
            return chosen;
        }
    }
}
