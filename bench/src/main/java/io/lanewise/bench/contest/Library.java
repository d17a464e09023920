package io.lanewise.bench.contest;

/**
 * What takes part in a contest. Those outside the project are found by {@link java.util.ServiceLoader}; a constructor
 * must not load the library, since it may be missing.
 */
public interface Library {
    /** The heading of its column. */
    String name();

    /** What it stands for in the comparison. */
    Role role();

    /**
     * Loads the library and sets its number of threads.
     *
     * @return its version, and which code it chose for this CPU where it tells
     * @throws Exception (or an error) if it cannot be used here; the message is shown
     */
    String open(int threads) throws Exception;
}
