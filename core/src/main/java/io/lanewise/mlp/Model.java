package io.lanewise.mlp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network with its parameters and all that is needed to score raw rows: how features are standardised, and what
 * features and classes are called. Immutable, and safe to share.
 */
public final class Model {
    private final Parameters parameters;
    private final @Nullable Standardization standardization;
    private final List<String> featureNames;
    private final List<String> outputNames;
    private final String targetName;

    private Model(
            final Parameters parameters,
            final @Nullable Standardization standardization,
            final List<String> featureNames,
            final List<String> outputNames,
            final String targetName) {
        this.parameters = parameters;
        this.standardization = standardization;
        this.featureNames = featureNames;
        this.outputNames = outputNames;
        this.targetName = targetName;
    }

    /** A model without standardisation and without names. */
    public static Model of(final Parameters parameters) {
        return new Model(parameters, null, List.of(), List.of(), "");
    }

    /** The same model, its inputs standardised. */
    public Model withStandardization(final Standardization newStandardization) {
        if (newStandardization.features() != mlp().inputs()) {
            throw new IllegalArgumentException("expected a standardization of " + mlp().inputs() + " features, got "
                    + newStandardization.features());
        }
        return new Model(parameters, newStandardization, featureNames, outputNames, targetName);
    }

    /**
     * The same model with names.
     *
     * @param newFeatureNames one for each input, or none
     * @param newOutputNames one for each output (of a classifier: the classes), or none; a sigmoid head with one output
     *     may have those of two classes instead, the second one being that whose probability it gives
     * @param newTargetName what is predicted, or empty
     */
    public Model withNames(
            final List<String> newFeatureNames, final List<String> newOutputNames, final String newTargetName) {
        checkNames("feature", mlp().inputs(), newFeatureNames);
        if (!(isBinary(mlp()) && newOutputNames.size() == 2)) {
            checkNames("output", mlp().outputs(), newOutputNames);
        }
        return new Model(
                parameters, standardization, List.copyOf(newFeatureNames), List.copyOf(newOutputNames), newTargetName);
    }

    private static boolean isBinary(final Mlp mlp) {
        return mlp.head() == Head.SIGMOID && mlp.outputs() == 1;
    }

    private static void checkNames(final String kind, final int expected, final List<String> names) {
        if (!names.isEmpty() && names.size() != expected) {
            throw new IllegalArgumentException("expected " + expected + " " + kind + " names, got " + names.size());
        }
    }

    /** The architecture. */
    public Mlp mlp() {
        return parameters.mlp();
    }

    /** The weights and biases. */
    public Parameters parameters() {
        return parameters;
    }

    /** What is done to the features before the first layer, if anything. */
    public Optional<Standardization> standardization() {
        return Optional.ofNullable(standardization);
    }

    /** One name for each input, or none. */
    public List<String> featureNames() {
        return featureNames;
    }

    /** One name for each output (of a classifier: the classes), or none; or those of two classes. */
    public List<String> outputNames() {
        return outputNames;
    }

    /** What is predicted, or empty. */
    public String targetName() {
        return targetName;
    }

    /**
     * The name of an output; its number where outputs have no names. That of a sigmoid head with the names of two classes
     * is the second one's, whose probability it gives.
     */
    public String outputName(final int output) {
        return outputNames.isEmpty()
                ? Integer.toString(output)
                : outputNames.get(output + outputNames.size() - mlp().outputs());
    }

    /**
     * How many classes rows are told apart by: of a classifier its outputs, 2 of a sigmoid head with the names of two
     * classes, 0 of others.
     */
    public int classes() {
        return mlp().head().isClassifier() || outputNames.size() > mlp().outputs()
                ? Math.max(mlp().outputs(), outputNames.size())
                : 0;
    }

    /** The name of a class, from 0 to {@link #classes} − 1; its number where classes have no names. */
    public String className(final int number) {
        return outputNames.isEmpty() ? Integer.toString(number) : outputNames.get(number);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Model that
                && parameters.equals(that.parameters)
                && standardization().equals(that.standardization())
                && featureNames.equals(that.featureNames)
                && outputNames.equals(that.outputNames)
                && targetName.equals(that.targetName);
    }

    @Override
    public int hashCode() {
        return parameters.hashCode();
    }

    @Override
    public String toString() {
        return "Model " + mlp();
    }
}
