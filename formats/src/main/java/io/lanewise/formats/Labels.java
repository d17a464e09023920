package io.lanewise.formats;

import java.nio.file.Path;

/** Labels as numbers to predict. */
final class Labels {
    private Labels() {}

    /**
     * A label as a finite number.
     *
     * @param labelName what the label is called, or empty
     * @param line where the row starts, from 1; 0 where a file has no lines
     * @param row the number of the row, from 1
     */
    static float target(final String label, final Path file, final String labelName, final long line, final long row)
            throws FormatException {
        final char[] text = label.toCharArray();
        final float target = FloatText.parse(text, 0, text.length);
        if (Float.isNaN(target)) {
            throw wrong(FloatText.problem(label), file, labelName, line, row);
        }
        return target;
    }

    /** What is wrong with a label. */
    static FormatException wrong(
            final String problem, final Path file, final String labelName, final long line, final long row) {
        final String what = labelName.isEmpty() ? "label" : "column " + Quoted.of(labelName);
        return FormatException.inRow(file, line, row, what + ": " + problem);
    }
}
