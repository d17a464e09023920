package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 60,000 images of clothes, learnt by the command in some seconds, and 10,000 others that it judges. */
final class FashionTest {
    private static final Path IMAGES = Path.of("/usr/share/datasets/fashion-mnist");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void readsClothes() {
        assumeTrue(
                Files.isDirectory(IMAGES),
                "there is no Fashion-MNIST in " + IMAGES + "; on Debian: apt-get install dataset-fashion-mnist");
        final Path model = folder.resolve("fashion.safetensors");
        final Run run = Run.of(
                        "train",
                        IMAGES.resolve("train-images-idx3-ubyte.gz"),
                        "--labels",
                        IMAGES.resolve("train-labels-idx1-ubyte.gz"),
                        "--validation-data",
                        IMAGES.resolve("t10k-images-idx3-ubyte.gz"),
                        "--validation-labels",
                        IMAGES.resolve("t10k-labels-idx1-ubyte.gz"),
                        "--hidden",
                        256,
                        "--learning-rate",
                        0.004,
                        "--schedule",
                        "one-cycle",
                        "--epochs",
                        5,
                        "--batch",
                        128,
                        "-o",
                        model)
                .ok();
        final Matcher matcher =
                Pattern.compile("held-out rows: accuracy ([0-9.]+) %").matcher(run.out());
        assertTrue(matcher.find(), run.out());
        assertTrue(Double.parseDouble(matcher.group(1)) >= 88, run.out());
        assertTrue(Files.exists(model));
    }
}
