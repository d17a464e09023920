package io.lanewise.formats;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the cells of a record as the parser finds them: names while the header is read; then numbers, straight from
 * the parser's buffer into the caller's array. What is wrong with a cell is noted, not refused here: a wrong number
 * of cells, found at the end of the record, is to be told first.
 */
final class CsvHandler extends AbstractBaseCsvCallbackHandler<CsvHandler> {
    private static final int MAX_COLUMNS = 1 << 20;
    private static final int MAX_HEADER_CHARS = 1 << 24;
    private static final int MAX_KNOWN_LABELS = 1 << 16;
    private static final int IGNORED = -1;
    private static final int LABEL = -2;

    private final List<String> names = new ArrayList<>();
    private int headerChars;
    private boolean headerRead;

    private int[] roles = {}; // (columns): the number of a feature, IGNORED or LABEL
    private float[] x = {};
    private int offset;
    private @Nullable String label;
    private boolean labelOptional;
    private final Map<String, String> knownLabels = new HashMap<>();
    private int badColumn = -1;
    private String badText = "";
    private long blankLine;

    /** From now on records are rows, of which these columns are wanted; −1 for no label. */
    void expectRows(final int columns, final int[] features, final int labelColumn, final boolean mayLackLabel) {
        labelOptional = mayLackLabel;
        headerRead = true;
        roles = new int[columns];
        Arrays.fill(roles, IGNORED);
        for (int i = 0; i < features.length; i++) {
            roles[features[i]] = i;
        }
        if (labelColumn >= 0) {
            roles[labelColumn] = LABEL;
        }
    }

    /** Where the features of the next row go. */
    void target(final float[] newX, final int newOffset) {
        x = newX;
        offset = newOffset;
    }

    @Override
    protected void handleBegin(final long startingLineNumber) {
        label = null;
        badColumn = -1;
    }

    @Override
    protected void handleField(
            final int column, final char[] text, final int from, final int length, final boolean quoted) {
        if (column >= MAX_COLUMNS) {
            throw new CsvParseException("expected at most " + MAX_COLUMNS + " columns, got more");
        }
        if (!headerRead) {
            headerChars += length;
            if (headerChars > MAX_HEADER_CHARS) {
                throw new CsvParseException("expected names of at most " + MAX_HEADER_CHARS + " characters, got more");
            }
            names.add(string(text, from, length, quoted));
            return;
        }
        if (column >= roles.length) {
            return;
        }
        final int role = roles[column];
        if (role >= 0) {
            final float value = FloatText.parse(text, from, length);
            x[offset + role] = value;
            if (Float.isNaN(value)) {
                bad(column, text, from, length);
            }
        } else if (role == LABEL) {
            label = known(string(text, from, length, quoted));
            if (label.isEmpty() && !labelOptional) {
                bad(column, text, from, 0);
            }
        }
    }

    private void bad(final int column, final char[] text, final int from, final int length) {
        if (badColumn < 0) {
            badColumn = column;
            badText = new String(text, from, length);
        }
    }

    /** White space around a cell counts if the cell is quoted. */
    private static String string(final char[] text, final int from, final int length, final boolean quoted) {
        final String cell = new String(text, from, length);
        return quoted ? cell : cell.strip();
    }

    /** One string for each label, not one for each row. */
    private String known(final String text) {
        if (knownLabels.size() >= MAX_KNOWN_LABELS) {
            return knownLabels.getOrDefault(text, text);
        }
        final String known = knownLabels.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    @Override
    protected void handleEmpty() {
        blankLine = getStartingLineNumber();
    }

    @Override
    protected CsvHandler buildRecord() {
        return this;
    }

    /** The names in the header. */
    List<String> names() {
        return names;
    }

    long line() {
        return getStartingLineNumber();
    }

    int cells() {
        return getFieldCount();
    }

    @Nullable
    String label() {
        return label;
    }

    /** The first column whose cell is not what it should be, or −1. */
    int badColumn() {
        return badColumn;
    }

    String badText() {
        return badText;
    }

    boolean isLabel(final int column) {
        return roles[column] == LABEL;
    }

    /** The last blank line so far, or 0. */
    long blankLine() {
        return blankLine;
    }
}
