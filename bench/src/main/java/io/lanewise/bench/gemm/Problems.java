package io.lanewise.bench.gemm;

import io.lanewise.bench.gemm.Problem.Product;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The shapes of the contest: what dense networks compute, and what is awkward. */
final class Problems {
    private static final int[] SQUARES = {8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048};

    private static final int[] BATCHES = {1, 8, 32, 128, 512};

    private static final int[] TRAINING_BATCHES = {32, 128, 512};

    /** Inputs and outputs. */
    private static final int[][] LAYERS = {
        {784, 512}, {512, 256}, {256, 10}, {1024, 2048}, {2048, 2048}, {2048, 1000}, {13, 64}, {64, 32}, {32, 1}
    };

    /** Shapes of oneDNN's tests, two recommenders (DLRM, NCF) among them; m, n, k. */
    private static final List<String> ODD = List.of(
            "1x1x1",
            "10x1x30",
            "1x20x30",
            "1x1x300",
            "2x47x30",
            "2048x512x13",
            "2048x256x512",
            "2048x128x256",
            "2048x1024x479",
            "2048x1024x1024",
            "2048x512x1024",
            "2048x256x256",
            "2048x1x256",
            "2048x64x128",
            "2048x1x64",
            "13x1x262144",
            "8x256x2664",
            "97x997x2053",
            "1x246x3808");

    private static final List<String> QUICK = List.of(
            "16x16x16",
            "64x64x64",
            "192x192x192",
            "512x512x512",
            "1024x1024x1024",
            "1x512x784",
            "8x512x784",
            "32x512x784",
            "128x512x784",
            "512x256x512",
            "128x10x256",
            "32x2048x2048",
            "128x64x13",
            "128x784x512:abt",
            "784x512x128:atb",
            "512x64x32:abt",
            "97x997x2053",
            "2048x1x256");

    private Problems() {}

    /** All shapes, the forward products of a layer as batch × outputs × inputs. */
    static List<Problem> all() {
        final Set<Problem> problems = new LinkedHashSet<>();
        for (final int n : SQUARES) {
            problems.add(new Problem(Product.AB, n, n, n));
        }
        for (final int[] layer : LAYERS) {
            for (final int batch : BATCHES) {
                problems.add(new Problem(Product.AB, batch, layer[1], layer[0]));
            }
        }
        for (final int[] layer : LAYERS) {
            for (final int batch : TRAINING_BATCHES) {
                problems.add(new Problem(Product.ABT, batch, layer[0], layer[1])); // dX = dY · Wᵀ
                problems.add(new Problem(Product.ATB, layer[0], layer[1], batch)); // dW = Xᵀ · dY
            }
        }
        ODD.forEach(text -> problems.add(Problem.parse(text)));
        return List.copyOf(problems);
    }

    /** One shape of each sort, none so large that a slow contestant would need seconds. */
    static List<Problem> quick() {
        return QUICK.stream().map(Problem::parse).toList();
    }
}
