package io.lanewise.formats;

import java.io.IOException;

/** Where rows of features come from: a file, and how it is to be read. Immutable, and safe to share. */
public interface TableSource {
    /**
     * Opens the file and checks its header.
     *
     * @throws FormatException if the header is wrong, or does not have what is asked for
     * @throws IOException if the file cannot be read
     */
    RowReader open() throws IOException;

    /**
     * Reads all rows into memory.
     *
     * @throws FormatException if the content is wrong, or too much for one array
     * @throws IOException if the file cannot be read
     */
    default Table load() throws IOException {
        try (RowReader rows = open()) {
            return Table.readAll(rows);
        }
    }
}
