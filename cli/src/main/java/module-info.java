/** The lanewise command. */
@org.jspecify.annotations.NullMarked
module io.lanewise.cli {
    requires static org.jspecify;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires io.lanewise.core;
    requires io.lanewise.formats;
    requires io.lanewise.onnx;
    requires java.desktop;
    requires java.management;
    requires jdk.management;
    requires me.tongfei.progressbar;
    requires tools.jackson.core;
    requires xchart;

    // picocli fills annotated fields by reflection.
    opens io.lanewise.cli to
            info.picocli;
}
