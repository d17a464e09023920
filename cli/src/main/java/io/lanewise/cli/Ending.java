package io.lanewise.cli;

import io.lanewise.training.Checkpoints;
import io.lanewise.training.TrainingState;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run with checkpoints end by itself when its process is asked to, as by Ctrl-C, {@code kill} or a system that
 * shuts down: after the step at hand, with its state kept. Whoever asks waits for that, but not for ever.
 */
final class Ending implements AutoCloseable {
    private static final long PATIENCE = 60; // seconds: a validation may take long, and the last checkpoint is there

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::askAndWait, "lanewise-ending");
    private volatile boolean asked;

    private Ending() {}

    /** From now on, until it is closed. */
    static Ending watch() {
        final Ending ending = new Ending();
        try {
            Runtime.getRuntime().addShutdownHook(ending.hook);
        } catch (final IllegalStateException e) {
            ending.asked = true; // the process is ending already
        }
        return ending;
    }

    /** Whether the process was asked to end. */
    boolean isAsked() {
        return asked;
    }

    private void askAndWait() {
        asked = true;
        try {
            ended.await(PATIENCE, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Checkpoints that are kept also if the process is asked to end while one is written, which deletes the temporary
     * file: it is written again.
     */
    static Checkpoints persistent(final Checkpoints checkpoints) {
        return new Checkpoints() {
            @Override
            public void save(final TrainingState state) throws IOException {
                try {
                    checkpoints.save(state);
                } catch (final NoSuchFileException e) {
                    checkpoints.save(state);
                }
            }

            @Override
            public Optional<TrainingState> load() throws IOException {
                return checkpoints.load();
            }
        };
    }

    /** The run has ended, and said so: the process may end too. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The process is ending.
        }
    }
}
