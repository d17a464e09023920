package io.lanewise.formats;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A safetensors file: named tensors, and texts about them. Opening it reads and checks the header alone, so listing a
 * file of any size is cheap; memory stays within a small multiple of what is read. Safe for use by several threads.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

    private final Path file;
    private final FileChannel channel;
    private final long dataStart; // in bytes
    private final SafetensorsHeader header;
    private final Map<String, TensorInfo> byName = new HashMap<>();

    private Safetensors(final Path file, final FileChannel channel, final byte[] headerText) throws IOException {
        this.file = file;
        this.channel = channel;
        this.dataStart = (long) Long.BYTES + headerText.length;
        this.header = SafetensorsHeader.parse(file, headerText, channel.size() - dataStart);
        for (final TensorInfo tensor : header.tensors()) {
            byName.put(tensor.name(), tensor);
        }
    }

    /**
     * Opens a file and checks all of its header.
     *
     * @throws FormatException if the header is not one, or does not agree with the size of the file
     * @throws IOException if the file cannot be read
     */
    public static Safetensors open(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a folder; give the name of a file");
        }
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new Safetensors(file, channel, headerText(file, channel));
        } catch (final Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static byte[] headerText(final Path file, final FileChannel channel) throws IOException {
        final long size = channel.size();
        if (size < Long.BYTES) {
            throw new FormatException(
                    file, "expected a safetensors file, which has at least 8 bytes, got " + size + " bytes");
        }
        final ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(file, channel, first, 0);
        final long length = first.getLong(0);
        if (length < 0 || length > SafetensorsHeader.MAX_LENGTH) {
            throw somethingElse(file, first.array());
        }
        if (length > size - Long.BYTES) {
            throw new FormatException(
                    file,
                    "expected a safetensors file with a header of " + length + " bytes, got " + (size - Long.BYTES)
                            + " bytes after its length: the file is incomplete or damaged");
        }
        final byte[] text = new byte[(int) length];
        readFully(file, channel, ByteBuffer.wrap(text), Long.BYTES);
        return text;
    }

    /** A file that starts with what cannot be the length of a header: most often, it is of another format. */
    private static FormatException somethingElse(final Path file, final byte[] first) {
        final String text = new String(first, StandardCharsets.ISO_8859_1);
        final boolean printable =
                text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
        return new FormatException(
                file,
                "expected a safetensors file, got something else: it starts with "
                        + (printable
                                ? "the text " + Quoted.of(text)
                                : "the bytes " + HexFormat.ofDelimiter(" ").formatHex(first))
                        + " instead of the length of a header, at most " + SafetensorsHeader.MAX_LENGTH);
    }

    private static void readFully(
            final Path file, final FileChannel channel, final ByteBuffer target, final long position)
            throws IOException {
        final int start = target.position();
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position() - start) < 0) {
                throw new FormatException(file, "the file became shorter while it was read");
            }
        }
    }

    /** Texts about the file, by key. */
    public SortedMap<String, String> metadata() {
        return Collections.unmodifiableSortedMap(header.metadata());
    }

    /** All tensors, in the order of their data. */
    public List<TensorInfo> tensors() {
        return Collections.unmodifiableList(header.tensors());
    }

    /** The tensor of this name. */
    public Optional<TensorInfo> tensor(final String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Reads a tensor into a new array.
     *
     * @return its elements in row-major order
     * @throws FormatException if there is no such tensor, or its values are not given as {@code float}
     * @throws IOException if the file cannot be read
     */
    public float[] read(final String name) throws IOException {
        final TensorInfo tensor = tensor(name)
                .orElseThrow(() -> new FormatException(
                        file,
                        "expected a tensor " + Quoted.of(name) + ", got "
                                + Quoted.list(header.tensors().stream()
                                        .map(TensorInfo::name)
                                        .toList())));
        checkReadable(tensor);
        final float[] values = new float[(int) tensor.elements()];
        read(tensor, values, 0);
        return values;
    }

    private void checkReadable(final TensorInfo tensor) throws FormatException {
        if (!tensor.dtype().isReadable()) {
            throw new FormatException(
                    file,
                    "tensor " + Quoted.of(tensor.name()) + ": expected elements of F32, F16, BF16 or F64, got "
                            + tensor.dtype() + ", which cannot be read as float");
        }
        if (tensor.elements() > MAX_ARRAY) {
            throw new FormatException(
                    file,
                    "tensor " + Quoted.of(tensor.name()) + ": expected at most " + MAX_ARRAY + " elements, got "
                            + tensor.elements());
        }
    }

    /**
     * Reads a tensor. F32 is given bit by bit, F16 and BF16 exactly, and F64 rounded to the nearest {@code float}.
     *
     * @param tensor a tensor of this file
     * @param target takes its elements in row-major order
     * @param offset where in {@code target} the first one goes
     * @throws FormatException if its values are not given as {@code float}
     * @throws IOException if the file cannot be read
     */
    public void read(final TensorInfo tensor, final float[] target, final int offset) throws IOException {
        if (!tensor.equals(byName.get(tensor.name()))) {
            throw new IllegalArgumentException("expected a tensor of " + file + ", got " + tensor);
        }
        checkReadable(tensor);
        final int elements = (int) tensor.elements();
        Objects.checkFromIndexSize(offset, elements, target.length);
        final int elementBytes = tensor.dtype().bits() / Byte.SIZE;
        final ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, (long) elements * elementBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < elements; ) {
            final int count = Math.min(elements - done, buffer.capacity() / elementBytes);
            buffer.clear().limit(count * elementBytes);
            readFully(file, channel, buffer, dataStart + tensor.begin() + (long) done * elementBytes);
            decode(tensor.dtype(), buffer.flip(), count, target, offset + done);
            done += count;
        }
    }

    private static void decode(
            final DType dtype, final ByteBuffer bytes, final int count, final float[] target, final int offset) {
        if (dtype == DType.F32) {
            bytes.asFloatBuffer().get(target, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[offset + i] = switch (dtype) {
                case F16 -> Float.float16ToFloat(bytes.getShort(2 * i));
                case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case F64 -> (float) bytes.getDouble(8 * i);
                default -> throw new AssertionError(dtype);
            };
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * Writes a file, whole or not at all as {@link AtomicFile} does. The same content gives the same bytes: metadata
     * and tensors are in the order of their names.
     *
     * @param metadata texts about the file, by key
     * @param tensors in any order, each with a name of its own
     * @throws IllegalArgumentException if two tensors have one name, a text is not Unicode, or all texts together are
     *     longer than the format allows
     * @throws IOException if the file cannot be written
     */
    public static void write(final Path file, final Map<String, String> metadata, final List<FloatTensor> tensors)
            throws IOException {
        metadata.forEach((key, value) -> {
            if (!StrictJson.isUnicode(key) || !StrictJson.isUnicode(value)) {
                throw new IllegalArgumentException(
                        "expected metadata in Unicode, got half of a surrogate pair in the value or key of "
                                + Quoted.of(key.replaceAll("\\p{Cs}", "?")));
            }
        });
        final List<FloatTensor> sorted =
                tensors.stream().sorted(Comparator.comparing(FloatTensor::name)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
                throw new IllegalArgumentException("expected names that differ, got two tensors "
                        + Quoted.of(sorted.get(i).name()));
            }
        }
        final byte[] header = SafetensorsHeader.of(metadata, sorted).text();
        if (header.length > SafetensorsHeader.MAX_LENGTH) {
            throw new IllegalArgumentException("expected names and metadata of at most " + SafetensorsHeader.MAX_LENGTH
                    + " bytes in all, got " + header.length);
        }
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (final FloatTensor tensor : sorted) {
                write(out, tensor);
            }
        });
    }

    private static void write(final OutputStream out, final FloatTensor tensor) throws IOException {
        final int elements = tensor.elements();
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < elements; ) {
            final int count = Math.min(elements - done, BUFFER_BYTES / Float.BYTES);
            buffer.asFloatBuffer().put(tensor.values(), tensor.offset() + done, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
            done += count;
        }
    }
}
