package io.lanewise.training;

import java.io.IOException;
import java.util.Optional;

/** Where a training run keeps its state, so that another can go on from it. One run at a time. */
public interface Checkpoints {
    /** Keeps a state instead of the one before; whatever happens meanwhile, one of the two remains whole. */
    void save(TrainingState state) throws IOException;

    /** The state that was kept last, if there is one. */
    Optional<TrainingState> load() throws IOException;
}
