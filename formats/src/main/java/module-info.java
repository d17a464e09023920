/**
 * Files of Lanewise: models in safetensors files, tables in CSV, IDX, npy and npz files.
 *
 * <p>Whatever a file holds, reading it gives the content or an {@code IOException}; what is wrong with the content is
 * told by {@code FormatException}.
 */
@org.jspecify.annotations.NullMarked
module io.lanewise.formats {
    requires transitive io.lanewise.core;
    requires static org.jspecify;
    requires de.siegmar.fastcsv;
    requires tools.jackson.core;

    exports io.lanewise.formats;
}
