package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.training.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableRowsTest {
    private static final String IRIS = "length,width,species\n5.1,3.5,setosa\n7,3.2e0,virginica\n-6,.5,setosa\n";

    @TempDir
    Path folder;

    private CsvFile csv(final String content) throws IOException {
        return CsvFile.of(TestFiles.write(folder, "t.csv", content));
    }

    @Test
    void countsRowsAndFindsClasses() throws IOException {
        final TableRows rows = TableRows.classification(csv(IRIS).withLabel("species"));
        assertEquals(3, rows.rows());
        assertEquals(2, rows.features());
        assertEquals(2, rows.outputs());
        assertTrue(rows.isClassification());
        assertEquals(List.of("length", "width"), rows.featureNames());
        assertEquals("species", rows.labelName());
        assertEquals(List.of("setosa", "virginica"), rows.classes());
        assertArrayEquals(new long[] {2, 1}, rows.classRows());
    }

    @Test
    void eachPassGivesAllRows() throws IOException {
        final TableRows rows = TableRows.classification(csv(IRIS).withLabel("species"));
        for (int pass = 0; pass < 2; pass++) {
            final float[] x = new float[7];
            final int[] labels = {9, 9, 9, 9};
            try (RowSource.Cursor cursor = rows.open()) {
                assertEquals(2, cursor.read(2, x, 1, labels, 1, new float[0], 0));
                assertEquals(1, cursor.read(1, x, 5, labels, 3, new float[0], 0));
                assertEquals(0, cursor.read(1, x, 0, labels, 0, new float[0], 0));
            }
            assertArrayEquals(new float[] {0, 5.1f, 3.5f, 7, 3.2f, -6, .5f}, x);
            assertArrayEquals(new int[] {9, 0, 1, 0}, labels);
        }
    }

    @Test
    void numbersToPredict() throws IOException {
        final TableRows rows = TableRows.regression(csv("x,y\n1,10\n2,2.5\n").withLabel("y"));
        assertFalse(rows.isClassification());
        assertEquals(1, rows.outputs());
        assertEquals(List.of(), rows.classes());
        final float[] targets = new float[3];
        try (RowSource.Cursor cursor = rows.open()) {
            assertEquals(2, cursor.read(2, new float[2], 0, new int[0], 0, targets, 1));
        }
        assertArrayEquals(new float[] {0, 10, 2.5f}, targets);
    }

    @Test
    void whatIsWrongIsToldWithItsPlace() throws IOException {
        final CsvFile text = csv("x,y\n1,10\n2,high\n").withLabel("y");
        assertEquals(
                "t.csv, line 3 (row 2): column 'y': expected a number, got 'high'",
                TestFiles.problem(() -> TableRows.regression(text)));
        assertEquals(
                "t.csv: expected labels to learn from, got none",
                TestFiles.problem(() -> TableRows.classification(csv("x,y\n1,10\n"))));
    }

    @Test
    void aFileThatChangesIsRefused() throws IOException {
        final TableRows rows = TableRows.classification(csv(IRIS).withLabel("species"));
        Files.writeString(folder.resolve("t.csv"), IRIS.replace("virginica", "tulip"));
        try (RowSource.Cursor cursor = rows.open()) {
            assertEquals(
                    "t.csv, line 3 (row 2): column 'species': expected one of setosa, virginica, as there were before,"
                            + " got 'tulip': has the file changed?",
                    TestFiles.problem(() -> cursor.read(3, new float[6], 0, new int[3], 0, new float[0], 0)));
        }
    }
}
