package io.lanewise.bench.contest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Those who take part in a contest, found and opened.
 *
 * @param opened the contestants that can be used here
 * @param entrants all of them
 * @param <L> the contestants of one contest
 */
public record Entrants<L extends Library>(List<L> opened, List<Entrant> entrants) {
    /**
     * Opens the contestants of the project, and those that are registered as services.
     *
     * @param threads for those that have any
     */
    public static <L extends Library> Entrants<L> open(
            final List<? extends L> own, final Class<L> service, final int threads) {
        final List<L> found = new ArrayList<>(own);
        final Iterator<L> peers =
                ServiceLoader.load(service, service.getClassLoader()).iterator();
        while (peers.hasNext()) {
            try {
                found.add(peers.next());
            } catch (final ServiceConfigurationError e) {
                System.err.println("a peer is missing: " + e.getMessage());
            }
        }
        final List<L> opened = new ArrayList<>();
        final List<Entrant> entrants = new ArrayList<>();
        for (final L library : found) {
            try {
                final String about = library.open(threads);
                opened.add(library);
                entrants.add(new Entrant(library.name(), library.role(), about, null));
            } catch (final Exception | LinkageError e) {
                entrants.add(new Entrant(library.name(), library.role(), "", reason(e)));
            }
        }
        return new Entrants<>(List.copyOf(opened), List.copyOf(entrants));
    }

    /** The first cause: a class that failed to initialise says nothing by itself. */
    private static String reason(final Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }
}
