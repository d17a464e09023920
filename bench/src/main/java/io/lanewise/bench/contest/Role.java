package io.lanewise.bench.contest;

/** The parts in a contest. */
public enum Role {
    /** The measure of what the CPU could do. */
    PEAK,
    /** Lanewise as most programs use it. */
    LANEWISE,
    /** Lanewise's product, B packed beforehand. */
    PREPACKED,
    /** Another implementation in Java. */
    JAVA,
    /** A native library that Lanewise has to beat. */
    NATIVE,
    /** A library that is shown beside those, and not in any ratio. */
    OTHER
}
