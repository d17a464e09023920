package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.Optimizer;
import io.lanewise.training.SessionState;
import io.lanewise.training.TrainingState;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointFolderTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("checkpoint.safetensors");
    }

    private Optional<TrainingState> load() throws IOException {
        try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
            return checkpoints.load();
        }
    }

    private void save(final TrainingState state) throws IOException {
        try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
            checkpoints.save(state);
        }
    }

    @Test
    void keepsEveryBitOfTheLastState() throws IOException {
        final SessionState first = SessionState.of(
                CheckpointStates.values(5), Optimizer.Kind.RMSPROP, CheckpointStates.array(6), new float[0], 7);
        final SessionState second = SessionState.of(
                CheckpointStates.values(5), Optimizer.Kind.RMSPROP, new float[0], CheckpointStates.array(6), 7);
        final List<TrainingState> states = List.of(
                CheckpointStates.full(),
                CheckpointStates.small(),
                CheckpointStates.of(first, null),
                CheckpointStates.of(second, CheckpointStates.values(8)));
        try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
            for (final TrainingState state : states) {
                checkpoints.save(state);
                CheckpointStates.assertSameBits(state, checkpoints.load().orElseThrow());
            }
        }
        CheckpointStates.assertSameBits(states.getLast(), load().orElseThrow());
    }

    /** But nothing else, and not while another run may be writing. */
    @Test
    void deletesWhatKilledRunsHaveLeft() throws IOException {
        save(CheckpointStates.small());
        final Path left = Files.createFile(folder.resolve(".lanewise-0123456789abcdef.tmp"));
        final List<Path> others = List.of(
                folder.resolve(".lanewise-notes.tmp"),
                folder.resolve("x.lanewise-0123456789abcdef.tmp"),
                folder.resolve(".lanewise-0123456789abcdef.tmp2"));
        for (final Path other : others) {
            Files.createFile(other);
        }
        try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
            assertFalse(Files.exists(left));
            CheckpointStates.assertSameBits(
                    CheckpointStates.small(), checkpoints.load().orElseThrow());
            Files.createFile(left);
            assertThrows(FileSystemException.class, () -> CheckpointFolder.of(folder));
            assertTrue(Files.exists(left));
        }
        for (final Path other : others) {
            assertTrue(Files.exists(other), other.toString());
        }
    }

    @Test
    void writesTheSameBytesForTheSameState() throws IOException {
        save(CheckpointStates.full());
        final byte[] once = Files.readAllBytes(file());
        save(load().orElseThrow());
        assertArrayEquals(once, Files.readAllBytes(file()));
    }

    @Test
    void createsTheFolder() throws IOException {
        final Path deep = folder.resolve("a/b");
        try (CheckpointFolder checkpoints = CheckpointFolder.of(deep)) {
            assertFalse(checkpoints.exists());
            assertTrue(checkpoints.load().isEmpty());
            assertEquals(deep.resolve("checkpoint.safetensors"), checkpoints.file());
            checkpoints.save(CheckpointStates.small());
            assertTrue(checkpoints.exists());
            assertTrue(Files.isRegularFile(checkpoints.file()));
        }
        final Path plain = Files.createFile(folder.resolve("plain"));
        assertThrows(FileSystemException.class, () -> CheckpointFolder.of(plain));
    }

    @Test
    void othersCanLookAtTheTensors() throws IOException {
        save(CheckpointStates.full());
        try (Safetensors tensors = Safetensors.open(file())) {
            final SortedMap<String, String> shapes = new TreeMap<>();
            tensors.tensors()
                    .forEach(tensor -> shapes.put(tensor.name(), tensor.shape().toString()));
            final SortedMap<String, String> expected = new TreeMap<>();
            for (final String prefix : List.of("", "best.")) {
                expected.put(prefix + "layers.0.weight", "[3, 4]");
                expected.put(prefix + "layers.0.bias", "[4]");
                expected.put(prefix + "layers.1.weight", "[4]");
                expected.put(prefix + "layers.1.bias", "[4]");
                expected.put(prefix + "layers.1.running_mean", "[4]");
                expected.put(prefix + "layers.1.running_var", "[4]");
                expected.put(prefix + "layers.4.weight", "[4, 2]");
                expected.put(prefix + "layers.4.bias", "[2]");
            }
            expected.put("optimizer.first_moment", "[42]");
            expected.put("optimizer.second_moment", "[42]");
            assertEquals(expected, shapes);
            assertArrayEquals(CheckpointStates.array(2), tensors.read("optimizer.first_moment"));
            assertEquals("lanewise-checkpoint", tensors.metadata().get("format"));
            assertEquals(
                    "{\"run\":{\"\":\"\",\"data\":\"größe \\\"7\\\"\\n\\u0000\",\"network\":\"" + CheckpointStates.MLP
                            + "\",\"seed\":\"-3\"},\"optimizer\":\"adamw\",\"steps\":9223372036854775807,\"epoch\":4,\"rows\":1099511627776,"
                            + "\"lossSum\":\"0x1.3333333333334p-2\",\"weightSum\":\"0x1.199999999999ap0\","
                            + "\"earlyStopping\":{\"best\":\"0x0.0000000000001p-1022\",\"bestEpoch\":2,"
                            + "\"epochsSince\":1},"
                            + "\"plateau\":{\"best\":\"Infinity\",\"badEpochs\":3,\"cooldown\":2147483647,"
                            + "\"rate\":\"0x1.56e1fc2f8f359p-997\"},"
                            + "\"history\":{\"loss\":[\"0x1.921fb54442d18p1\",\"Infinity\",\"0x1.fffffffffffffp1023\"],"
                            + "\"learningRate\":[\"0x1.0624dd2f1a9fcp-10\",\"0x0.0p0\",\"0x1.0p-1022\"],"
                            + "\"validationLoss\":[\"NaN\",\"-0x0.0p0\",\"0x1.5555555555555p-2\"],"
                            + "\"validationScore\":[\"NaN\",\"-Infinity\",\"0x1.0p0\"],"
                            + "\"rowsPerSecond\":[\"0x1.81cd6c8b43958p13\",\"0x0.0p0\",\"0x1.0p0\"]}}",
                    tensors.metadata().get("lanewise.training"));
        }
    }

    @Test
    void refusesASecondRun() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("a")));
        try (CheckpointFolder checkpoints = CheckpointFolder.of(folder.resolve("a"))) {
            for (final Path same : List.of(folder.resolve("a"), folder.resolve("a/../a"), link)) {
                assertEquals(
                        same + ": another run keeps its checkpoints here; wait until it has ended, or give another "
                                + "folder",
                        assertThrows(FileSystemException.class, () -> CheckpointFolder.of(same))
                                .getMessage());
            }
            checkpoints.save(CheckpointStates.small());
            CheckpointFolder.of(folder).close();
        }
        try (CheckpointFolder next = CheckpointFolder.of(link)) {
            assertTrue(next.exists());
        }
    }

    @Test
    void isOfNoUseOnceClosed() throws IOException {
        final CheckpointFolder closed = CheckpointFolder.of(folder);
        closed.close();
        try (CheckpointFolder next = CheckpointFolder.of(folder)) {
            closed.close();
            assertThrows(FileSystemException.class, () -> CheckpointFolder.of(folder));
            assertThrows(IllegalStateException.class, () -> closed.save(CheckpointStates.small()));
            assertThrows(IllegalStateException.class, closed::load);
            assertFalse(next.exists());
        }
    }

    @Test
    void aStateThatCannotBeWrittenLeavesTheOldOne() throws IOException {
        save(CheckpointStates.full());
        final TrainingState small = CheckpointStates.small();
        final Map<String, String> run = Map.of("data", "half a pair \ud800");
        final TrainingState wrong =
                new TrainingState(run, small.session(), 1, 0, 0, 0, small.stopping(), null, null, List.of());
        assertThrows(IllegalArgumentException.class, () -> save(wrong));
        final Parameters other = Parameters.random(Mlp.inputs(3).dense(2).softmax(), 1);
        assertThrows(IllegalArgumentException.class, () -> save(CheckpointStates.of(small.session(), other)));
        CheckpointStates.assertSameBits(CheckpointStates.full(), load().orElseThrow());
    }

    /** The problem that loading finds, without the file's name. */
    private String problem() {
        final String problem = TestFiles.problem(this::load);
        assertTrue(problem.startsWith("checkpoint.safetensors: "), problem);
        return problem.substring("checkpoint.safetensors: ".length());
    }

    @Test
    void refusesOtherFiles() throws IOException {
        ModelFile.write(Model.of(CheckpointStates.values(1)), file());
        assertTrue(
                problem()
                        .startsWith("expected a Lanewise checkpoint, got a safetensors file of the format 'lanewise' "
                                + "with these tensors: layers.0.bias, "),
                problem());
        Files.writeString(file(), "not one");
        assertEquals("expected a safetensors file, which has at least 8 bytes, got 7 bytes", problem());
        save(CheckpointStates.full());
        assertTrue(TestFiles.problem(() -> ModelFile.read(file()))
                .contains(
                        "expected a Lanewise model, got a safetensors file of the format " + "'lanewise-checkpoint'"));
    }

    /** Writes the full state with other metadata. */
    private String problem(final String key, final String from, final String to) throws IOException {
        save(CheckpointStates.full());
        final Map<String, String> metadata;
        final List<FloatTensor> tensors = new ArrayList<>();
        try (Safetensors file = Safetensors.open(file())) {
            metadata = new LinkedHashMap<>(file.metadata());
            for (final TensorInfo tensor : file.tensors()) {
                tensors.add(new FloatTensor(tensor.name(), tensor.shape(), file.read(tensor.name()), 0));
            }
        }
        final String old = String.valueOf(metadata.get(key));
        assertTrue(old.contains(from), old);
        if (to.equals("none")) {
            metadata.remove(key);
        } else {
            metadata.put(key, old.replace(from, to));
        }
        Safetensors.write(file(), metadata, tensors);
        return problem().replace("lanewise.training: ", "");
    }

    private String training(final String from, final String to) throws IOException {
        return problem("lanewise.training", from, to);
    }

    @Test
    void refusesMetadataThatAreWrong() throws IOException {
        assertEquals(
                "expected a checkpoint of version 1, got version 2; read it with a newer Lanewise",
                problem("lanewise.version", "1", "2"));
        assertEquals("expected a checkpoint of version 1, got version ''", problem("lanewise.version", "1", "none"));
        assertEquals("expected metadata 'lanewise.model', got none", problem("lanewise.model", "", "none"));
        assertEquals("expected metadata 'lanewise.training', got none", problem("lanewise.training", "", "none"));
        assertTrue(problem("lanewise.model", "softmax", "soft").startsWith("lanewise.model: head: expected one of"));
        assertTrue(training("{\"run\"", "{{\"run\"").startsWith("expected JSON: "));
        assertEquals("expected nothing after the closing brace, got more", training("]}}", "]}}{}"));
    }

    @Test
    void refusesAStateThatIsWrong() throws IOException {
        final Map<Map.Entry<String, String>, String> refusals = new LinkedHashMap<>();
        refusals.put(
                Map.entry("\"epoch\":4", "\"epoch\":0"),
                "expected an epoch from 1 and rows from 0, got 0 and 1099511627776");
        refusals.put(Map.entry("\"epoch\":4", "\"epoch\":5"), "expected a report for each epoch before epoch 5, got 3");
        refusals.put(Map.entry("\"epoch\":4", "\"epoch\":-4"), "epoch: expected a number that is not negative, got -4");
        refusals.put(
                Map.entry("\"epoch\":4", "\"epoch\":2147483648"), "epoch: expected at most 2147483647, got 2147483648");
        refusals.put(Map.entry("\"epoch\":4,", ""), "the run's state: expected 'epoch', got none");
        refusals.put(Map.entry("\"epoch\":4", "\"epochs\":4"), "the run's state: expected nothing called 'epochs'");
        refusals.put(
                Map.entry("\"optimizer\":\"adamw\"", "\"optimizer\":\"adamax\""),
                "optimizer: expected one of [adam, adamw, sgd, rmsprop], got 'adamax'");
        refusals.put(Map.entry("\"optimizer\":\"adamw\",", ""), "the run's state: expected 'optimizer', got none");
        refusals.put(
                Map.entry("\"lossSum\":\"", "\"lossSum\":\" "),
                "lossSum: expected a hexadecimal number such as 0x1.8p-1, got ' 0x1.3333333333334p-2'");
        refusals.put(
                Map.entry("0x1.3333333333334p-2", "0.3"),
                "lossSum: expected a hexadecimal number such as 0x1.8p-1, got '0.3'");
        refusals.put(
                Map.entry("0x1.3333333333334p-2", "NaNs"),
                "lossSum: expected a hexadecimal number such as 0x1.8p-1, got 'NaNs'");
        refusals.put(
                Map.entry("\"0x1.3333333333334p-2\"", "0.3"),
                "lossSum: expected a string, got a number with a " + "fraction or an exponent");
        refusals.put(
                Map.entry("\"0x0.0000000000001p-1022\"", "\"NaN\""), "earlyStopping: expected a best loss, got NaN");
        refusals.put(
                Map.entry("\"rate\":\"", "\"rate\":\"-"), "plateau: expected a positive learning rate, got -1.0E-300");
        refusals.put(Map.entry("\"cooldown\":2147483647,", ""), "plateau: expected 'cooldown', got none");
        refusals.put(
                Map.entry("\"validationLoss\":[\"NaN\",", "\"validationLoss\":["),
                "history, validationLoss: expected 3 values, got 2");
        refusals.put(
                Map.entry("\"validationLoss\":[", "\"validationLoss\":[1,"),
                "history, validationLoss: expected a string, got a whole number");
        refusals.put(Map.entry("\"seed\":\"-3\"", "\"seed\":-3"), "run: expected a string, got a whole number");
        for (final Map.Entry<Map.Entry<String, String>, String> refusal : refusals.entrySet()) {
            assertEquals(
                    refusal.getValue(),
                    training(refusal.getKey().getKey(), refusal.getKey().getValue()));
        }
    }

    /** The full state's file with one tensor replaced by another, or by nothing. */
    private String tensorProblem(final String name, final List<FloatTensor> instead) throws IOException {
        save(CheckpointStates.full());
        final Map<String, String> metadata;
        final List<FloatTensor> tensors = new ArrayList<>(instead);
        try (Safetensors file = Safetensors.open(file())) {
            metadata = file.metadata();
            for (final TensorInfo tensor : file.tensors()) {
                if (!tensor.name().equals(name)) {
                    tensors.add(new FloatTensor(tensor.name(), tensor.shape(), file.read(tensor.name()), 0));
                }
            }
        }
        Safetensors.write(file(), metadata, tensors);
        return problem();
    }

    @Test
    void refusesTensorsThatDoNotFit() throws IOException {
        for (final String name : List.of("layers.0.weight", "best.layers.0.weight")) {
            assertEquals(
                    "expected a tensor '" + name + "' of the shape [3, 4], got none", tensorProblem(name, List.of()));
            assertEquals(
                    "tensor '" + name + "': expected F32 [3, 4], got F32 [4, 3]",
                    tensorProblem(name, List.of(new FloatTensor(name, List.of(4L, 3L), new float[12], 0))));
        }
        for (final String name : List.of("optimizer.first_moment", "optimizer.second_moment")) {
            assertEquals(
                    "tensor '" + name + "': expected F32 [42], got F32 [41]",
                    tensorProblem(name, List.of(new FloatTensor(name, List.of(41L), new float[41], 0))));
        }
        for (final String name : List.of("optimizer.third_moment", "layers.2.weight", "best.layers.9.bias")) {
            assertTrue(tensorProblem("", List.of(new FloatTensor(name, List.of(), new float[1], 0)))
                    .startsWith("expected 18 tensors for " + CheckpointStates.MLP + ", got 19: best.layers.0.bias, "));
        }
    }
}
