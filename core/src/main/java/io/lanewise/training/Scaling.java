package io.lanewise.training;

/** How the features are standardised before training, and by the model ever after. */
public enum Scaling {
    /** Not at all. */
    NONE,
    /** Each feature by its own mean and standard deviation: for tables. */
    PER_FEATURE,
    /** All features by one mean and one standard deviation: for images. */
    COMMON
}
