/**
 * The public API of Lanewise: kernels and their scalar reference, multi-layer perceptrons, inference, training.
 *
 * <p>For the same model and the same input every backend gives the same bits, on every machine.
 */
@org.jspecify.annotations.NullMarked
module io.lanewise.core {
    requires static org.jspecify;
    requires static java.management; // to see what a warm-up allocates, where there is the module
    requires static jdk.management;

    exports io.lanewise.inference;
    exports io.lanewise.kernel;
    exports io.lanewise.mlp;
    exports io.lanewise.random;
    exports io.lanewise.reference;
    exports io.lanewise.training;

    uses io.lanewise.kernel.KernelsProvider;

    provides io.lanewise.kernel.KernelsProvider with
            io.lanewise.reference.ReferenceProvider;
}
