/**
 * Models in ONNX files.
 *
 * <p>Whatever a file holds, reading it gives a model or an {@code IOException}; what is wrong with the content, or not
 * supported, is told by {@code FormatException}.
 */
@org.jspecify.annotations.NullMarked
module io.lanewise.onnx {
    requires transitive io.lanewise.core;
    requires transitive io.lanewise.formats;
    requires static org.jspecify;
    requires com.google.protobuf;
    requires org.tribuo.util.onnx;

    exports io.lanewise.onnx;
}
