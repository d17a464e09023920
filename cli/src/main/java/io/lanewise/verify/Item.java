package io.lanewise.verify;

/**
 * A piece of the fixed work, which has a hash of its own.
 *
 * @param name words in lower case, from the general to the special: {@code gemm/ab/bias}
 * @param work what is done
 */
public record Item(String name, Work work) {
    /** Computes something, and adds all that it gives to the hash. */
    @FunctionalInterface
    interface Work {
        void run(Setting setting, BitHash hash);
    }

    /** Does the work: the hash, in 16 hexadecimal digits. */
    public String hash(final Setting setting) {
        final BitHash hash = new BitHash();
        work.run(setting, hash);
        return hash.toString();
    }

    /** Whether {@code selection} is the name, or words that it begins with. */
    public boolean isIn(final String selection) {
        return name.equals(selection) || name.startsWith(selection + "/");
    }
}
