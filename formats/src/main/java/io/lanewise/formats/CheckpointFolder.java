package io.lanewise.formats;

import io.lanewise.training.Checkpoints;
import io.lanewise.training.TrainingState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder in which a training run keeps its state, in one file {@code checkpoint.safetensors} that each new state
 * replaces as {@link AtomicFile} does: a run that is killed at any instant, also while it writes, goes on from the last
 * state that was whole.
 *
 * <p>The file holds all of {@link TrainingState}, to the bit. Any safetensors reader can look at its tensors, all F32:
 *
 * <ul>
 *   <li>the parameters, named as in a {@link ModelFile}: {@code layers.0.weight}, {@code layers.0.bias}, …; of a
 *       regression they give standardised targets;
 *   <li>{@code optimizer.first_moment} and {@code optimizer.second_moment} (parameters), where the optimiser has them:
 *       one value for each parameter, in the order of {@link io.lanewise.mlp.Parameters};
 *   <li>{@code best.layers.0.weight}, …: the parameters of the best epoch, where early stopping looks for it.
 * </ul>
 *
 * <p>Its metadata are {@code format}, which is {@code lanewise-checkpoint}; {@code lanewise.version}, which is 1;
 * {@code lanewise.model}, the architecture as in a {@link ModelFile}; and {@code lanewise.training}, the rest of the
 * state as JSON.
 *
 * <p>While it is open, a folder belongs to one run: a second one, of this or another process, is refused. What a run
 * that was killed while it wrote has left there, files {@code .lanewise-….tmp}, is deleted when it is opened. A lock on the
 * file {@code lock} sees to that; it vanishes with its process, however that ends, and the file may stay. A file system
 * without locks refuses nobody.
 *
 * <pre>{@code
 * try (CheckpointFolder checkpoints = CheckpointFolder.of(Path.of("run-1"))) {
 *     Trainer.of(mlp, options).checkpoints(checkpoints).resume(true).fit(data);
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class CheckpointFolder implements Checkpoints, Closeable {
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String LOCK = "lock";

    // A process does not lock itself out, and loses a lock when it closes any channel of the file.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Path realFolder;
    private final FileChannel lock;

    private CheckpointFolder(final Path file, final Path realFolder, final FileChannel lock) {
        this.file = file;
        this.realFolder = realFolder;
        this.lock = lock;
    }

    /**
     * Opens a folder, and creates it if it is missing. Close it when the run has ended.
     *
     * @throws FileSystemException if another run has it open
     * @throws IOException if it cannot be created or written to
     */
    public static CheckpointFolder of(final Path folder) throws IOException {
        Files.createDirectories(folder);
        final Path realFolder = folder.toRealPath();
        if (!OPEN.add(realFolder)) {
            throw taken(folder);
        }
        try {
            final FileChannel lock = lock(folder);
            try {
                AtomicFile.deleteTemporaries(folder); // of runs that were killed: nobody else writes here
                return new CheckpointFolder(folder.resolve(CHECKPOINT), realFolder, lock);
            } catch (final Throwable e) {
                lock.close();
                throw e;
            }
        } catch (final Throwable e) {
            OPEN.remove(realFolder);
            throw e;
        }
    }

    private static FileChannel lock(final Path folder) throws IOException {
        final FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            channel.close();
            throw taken(folder);
        }
        return channel;
    }

    /** Locks a file; false if another process has it locked. */
    private static boolean isFree(final FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException e) {
            return false; // by another class loader's copy of this class
        } catch (final IOException e) {
            return true; // a file system without locks, as clusters have: better unguarded than of no use
        }
    }

    private static FileSystemException taken(final Path folder) {
        return new FileSystemException(
                folder.toString(),
                null,
                "another run keeps its checkpoints here; wait until it has ended, or give another folder");
    }

    /** The file that holds the state; it need not exist yet. */
    public Path file() {
        return file;
    }

    /** Whether there is a checkpoint. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Replaces the checkpoint.
     *
     * @throws IllegalArgumentException if a text of {@link TrainingState#run} is not Unicode, or the history so long
     *     that the file's metadata exceed 100 MB: some 600,000 epochs
     * @throws IllegalStateException if the folder was closed
     * @throws IOException if it cannot be written; the one before is still there then
     */
    @Override
    public synchronized void save(final TrainingState state) throws IOException {
        requireOpen();
        CheckpointFile.write(state, file);
    }

    /**
     * Reads the checkpoint, if there is one: a state equal to the one that was saved, to the bit.
     *
     * @throws FormatException if the file is damaged, of a newer version, or something else
     * @throws IllegalStateException if the folder was closed
     * @throws IOException if it cannot be read
     */
    @Override
    public synchronized Optional<TrainingState> load() throws IOException {
        requireOpen();
        try {
            return Optional.of(CheckpointFile.read(file));
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void requireOpen() {
        if (!lock.isOpen()) {
            throw new IllegalStateException("the checkpoints in " + file.getParent() + " were closed");
        }
    }

    /** Leaves the folder to others; the checkpoint stays. */
    @Override
    public synchronized void close() throws IOException {
        if (lock.isOpen()) {
            try {
                lock.close();
            } finally {
                OPEN.remove(realFolder);
            }
        }
    }
}
