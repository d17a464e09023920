package io.lanewise.formats;

import io.lanewise.training.EarlyStoppingState;
import io.lanewise.training.EpochReport;
import io.lanewise.training.Optimizer;
import io.lanewise.training.PlateauState;
import io.lanewise.training.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * All of a run's state but its tensors, and how that is written as one JSON object. A {@code double} is a string as
 * {@link Double#toHexString} gives it, so that every bit comes back; of the history each measure is an array, with an
 * element for each epoch.
 *
 * @param optimizer whose moments they are
 * @param steps how many updates were made; the others as {@link TrainingState} has them
 */
record TrainingDescription(
        Map<String, String> run,
        Optimizer.Kind optimizer,
        long steps,
        int epoch,
        long rows,
        double lossSum,
        double weightSum,
        EarlyStoppingState stopping,
        @Nullable PlateauState plateau,
        List<EpochReport> history) {
    private static final String RUN = "run";
    private static final String OPTIMIZER = "optimizer";
    private static final String STEPS = "steps";
    private static final String EPOCH = "epoch";
    private static final String ROWS = "rows";
    private static final String LOSS_SUM = "lossSum";
    private static final String WEIGHT_SUM = "weightSum";
    private static final String STOPPING = "earlyStopping";
    private static final String PLATEAU = "plateau";
    private static final String HISTORY = "history";
    private static final List<String> KEYS =
            List.of(RUN, OPTIMIZER, STEPS, EPOCH, ROWS, LOSS_SUM, WEIGHT_SUM, STOPPING, HISTORY);

    private static final String BEST = "best";
    private static final String BEST_EPOCH = "bestEpoch";
    private static final String EPOCHS_SINCE = "epochsSince";
    private static final List<String> STOPPING_KEYS = List.of(BEST, BEST_EPOCH, EPOCHS_SINCE);

    private static final String BAD_EPOCHS = "badEpochs";
    private static final String COOLDOWN = "cooldown";
    private static final String RATE = "rate";
    private static final List<String> PLATEAU_KEYS = List.of(BEST, BAD_EPOCHS, COOLDOWN, RATE);

    private static final String LOSS = "loss";
    private static final String LEARNING_RATE = "learningRate";
    private static final String VALIDATION_LOSS = "validationLoss";
    private static final String VALIDATION_SCORE = "validationScore";
    private static final String ROWS_PER_SECOND = "rowsPerSecond";
    private static final List<String> HISTORY_KEYS =
            List.of(LOSS, LEARNING_RATE, VALIDATION_LOSS, VALIDATION_SCORE, ROWS_PER_SECOND);

    private static final int MAX_DOUBLE_LENGTH = 24; // -0x1.fffffffffffffp-1022

    static TrainingDescription of(final TrainingState state) {
        return new TrainingDescription(
                state.run(),
                state.session().optimizer(),
                state.session().steps(),
                state.epoch(),
                state.rows(),
                state.lossSum(),
                state.weightSum(),
                state.stopping(),
                state.plateau(),
                state.history());
    }

    String toJson() {
        return StrictJson.write(this::write);
    }

    private void write(final JsonGenerator json) {
        json.writeStartObject();
        json.writeObjectPropertyStart(RUN);
        new TreeMap<>(run).forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeStringProperty(OPTIMIZER, optimizer.toString());
        json.writeNumberProperty(STEPS, steps);
        json.writeNumberProperty(EPOCH, epoch);
        json.writeNumberProperty(ROWS, rows);
        write(json, LOSS_SUM, lossSum);
        write(json, WEIGHT_SUM, weightSum);
        json.writeObjectPropertyStart(STOPPING);
        write(json, BEST, stopping.best());
        json.writeNumberProperty(BEST_EPOCH, stopping.bestEpoch());
        json.writeNumberProperty(EPOCHS_SINCE, stopping.epochsSince());
        json.writeEndObject();
        if (plateau != null) {
            json.writeObjectPropertyStart(PLATEAU);
            write(json, BEST, plateau.best());
            json.writeNumberProperty(BAD_EPOCHS, plateau.badEpochs());
            json.writeNumberProperty(COOLDOWN, plateau.cooldown());
            write(json, RATE, plateau.rate());
            json.writeEndObject();
        }
        json.writeObjectPropertyStart(HISTORY);
        writeAll(json, LOSS, EpochReport::loss);
        writeAll(json, LEARNING_RATE, EpochReport::learningRate);
        writeAll(json, VALIDATION_LOSS, EpochReport::validationLoss);
        writeAll(json, VALIDATION_SCORE, EpochReport::validationScore);
        writeAll(json, ROWS_PER_SECOND, EpochReport::rowsPerSecond);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(final JsonGenerator json, final String key, final double value) {
        json.writeStringProperty(key, Double.toHexString(value));
    }

    private void writeAll(final JsonGenerator json, final String key, final ToDoubleFunction<EpochReport> measure) {
        json.writeArrayPropertyStart(key);
        history.forEach(report -> json.writeString(Double.toHexString(measure.applyAsDouble(report))));
        json.writeEndArray();
    }

    /** Parses a description; {@code place} is where messages say that it is. */
    static TrainingDescription parse(final Path file, final String place, final String text) throws FormatException {
        try (StrictJson json = StrictJson.of(file, place, text)) {
            final Fields fields = new Fields();
            object(json, "the run's state", KEYS, Set.of(PLATEAU), key -> {
                switch (key) {
                    case RUN -> json.object(RUN, name -> fields.run.put(name, json.string(RUN)));
                    case OPTIMIZER ->
                        fields.optimizer = ModelDescription.constant(json, OPTIMIZER, Optimizer.Kind.class);
                    case STEPS -> fields.steps = json.size(STEPS);
                    case EPOCH -> fields.epoch = integer(json, EPOCH);
                    case ROWS -> fields.rows = json.size(ROWS);
                    case LOSS_SUM -> fields.lossSum = number(json, LOSS_SUM);
                    case WEIGHT_SUM -> fields.weightSum = number(json, WEIGHT_SUM);
                    case STOPPING -> fields.stopping = stopping(json);
                    case PLATEAU -> fields.plateau = plateau(json);
                    default -> fields.history = history(json);
                }
            });
            json.end();
            return new TrainingDescription(
                    fields.run,
                    fields.optimizer,
                    fields.steps,
                    fields.epoch,
                    fields.rows,
                    fields.lossSum,
                    fields.weightSum,
                    fields.stopping,
                    fields.plateau,
                    fields.history);
        }
    }

    private static EarlyStoppingState stopping(final StrictJson json) throws FormatException {
        final Numbers numbers = new Numbers();
        object(json, STOPPING, STOPPING_KEYS, Set.of(), key -> {
            switch (key) {
                case BEST -> numbers.best = number(json, STOPPING + ", " + BEST);
                case BEST_EPOCH -> numbers.first = integer(json, STOPPING + ", " + BEST_EPOCH);
                default -> numbers.second = integer(json, STOPPING + ", " + EPOCHS_SINCE);
            }
        });
        try {
            return new EarlyStoppingState(numbers.best, numbers.first, numbers.second);
        } catch (final IllegalArgumentException e) {
            throw json.wrong(STOPPING + ": " + e.getMessage());
        }
    }

    private static PlateauState plateau(final StrictJson json) throws FormatException {
        final Numbers numbers = new Numbers();
        object(json, PLATEAU, PLATEAU_KEYS, Set.of(), key -> {
            switch (key) {
                case BEST -> numbers.best = number(json, PLATEAU + ", " + BEST);
                case BAD_EPOCHS -> numbers.first = integer(json, PLATEAU + ", " + BAD_EPOCHS);
                case COOLDOWN -> numbers.second = integer(json, PLATEAU + ", " + COOLDOWN);
                default -> numbers.rate = number(json, PLATEAU + ", " + RATE);
            }
        });
        try {
            return new PlateauState(numbers.best, numbers.first, numbers.second, numbers.rate);
        } catch (final IllegalArgumentException e) {
            throw json.wrong(PLATEAU + ": " + e.getMessage());
        }
    }

    private static List<EpochReport> history(final StrictJson json) throws FormatException {
        final Map<String, List<Double>> measures = new HashMap<>();
        object(json, HISTORY, HISTORY_KEYS, Set.of(), key -> {
            final List<Double> values = new ArrayList<>();
            json.array(HISTORY + ", " + key, () -> values.add(number(json, HISTORY + ", " + key)));
            measures.put(key, values);
        });
        final List<List<Double>> columns =
                HISTORY_KEYS.stream().map(measures::get).toList();
        final int epochs = columns.getFirst().size();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).size() != epochs) {
                throw json.wrong(HISTORY + ", " + HISTORY_KEYS.get(i) + ": expected " + epochs + " values, got "
                        + columns.get(i).size());
            }
        }
        final List<EpochReport> reports = new ArrayList<>(epochs);
        for (int i = 0; i < epochs; i++) {
            reports.add(EpochReport.of(
                    i + 1,
                    columns.get(0).get(i),
                    columns.get(1).get(i),
                    columns.get(2).get(i),
                    columns.get(3).get(i),
                    columns.get(4).get(i)));
        }
        return reports;
    }

    /** Reads an object that has all of {@code keys}, may have {@code more}, and nothing else. */
    private static void object(
            final StrictJson json,
            final String what,
            final List<String> keys,
            final Set<String> more,
            final StrictJson.Member member)
            throws FormatException {
        final Set<String> found = new HashSet<>();
        json.object(what, key -> {
            if (!keys.contains(key) && !more.contains(key)) {
                throw ModelDescription.unknown(json, what, key);
            }
            found.add(key);
            member.read(key);
        });
        for (final String key : keys) {
            if (!found.contains(key)) {
                throw json.wrong(what + ": expected '" + key + "', got none");
            }
        }
    }

    private static int integer(final StrictJson json, final String what) throws FormatException {
        final long value = json.size(what);
        if (value > Integer.MAX_VALUE) {
            throw json.wrong(what + ": expected at most " + Integer.MAX_VALUE + ", got " + value);
        }
        return (int) value;
    }

    private static double number(final StrictJson json, final String what) throws FormatException {
        final String text = json.string(what);
        if (text.length() <= MAX_DOUBLE_LENGTH) {
            try {
                final double value = Double.parseDouble(text);
                if (Double.toHexString(value).equals(text)) {
                    return value;
                }
            } catch (final NumberFormatException e) {
                // Told below.
            }
        }
        throw json.wrong(what + ": expected a hexadecimal number such as 0x1.8p-1, got " + Quoted.of(text));
    }

    /** What was read so far; nothing is missing at the end. */
    private static final class Fields {
        private final Map<String, String> run = new HashMap<>();
        private Optimizer.Kind optimizer = Optimizer.Kind.SGD;
        private long steps;
        private int epoch;
        private long rows;
        private double lossSum;
        private double weightSum;
        private EarlyStoppingState stopping = EarlyStoppingState.START;
        private @Nullable PlateauState plateau;
        private List<EpochReport> history = List.of();
    }

    private static final class Numbers {
        private double best;
        private int first;
        private int second;
        private double rate;
    }
}
