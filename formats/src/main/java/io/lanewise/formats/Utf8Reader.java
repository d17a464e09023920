package io.lanewise.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Text that must be UTF-8; a byte order mark at its start is skipped. Where it is not, a {@link FormatException} names
 * the line, after all text before has been given.
 */
final class Utf8Reader extends Reader {
    private static final int BUFFER_CHARS = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final Path file;
    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_CHARS).flip();
    private char[] chars = new char[BUFFER_CHARS]; // decoded text, of which from..to is not read yet
    private int from;
    private int to;
    private boolean started;
    private boolean inputEnded;
    private long line = 1; // of the last character decoded
    private char last;

    Utf8Reader(final Path file, final InputStream in) {
        this.file = file;
        this.in = in;
    }

    @Override
    public int read(final char[] target, final int offset, final int length) throws IOException {
        if (from == to && !fill()) {
            return -1;
        }
        final int count = Math.min(length, to - from);
        System.arraycopy(chars, from, target, offset, count);
        from += count;
        return count;
    }

    /** The first line that is not blank, which remains to be read; no more than {@code limit} characters of it. */
    String peekLine(final int limit) throws IOException {
        if (from == to && !fill()) {
            return "";
        }
        int start = from;
        for (int i = from; ; i++) {
            if (i == to && (i - from >= limit || !fill())) {
                return new String(chars, start, i - start);
            }
            if (chars[i] == '\n' || chars[i] == '\r') {
                if (i > start) {
                    return new String(chars, start, i - start);
                }
                start = i + 1;
            }
        }
    }

    /** Decodes more text behind what is not read yet; false at the end. */
    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (chars.length - to < BUFFER_CHARS / 2) {
            chars = Arrays.copyOf(chars, 2 * chars.length);
        }
        while (true) {
            final CharBuffer target = CharBuffer.wrap(chars, to, chars.length - to);
            final CoderResult result = decoder.decode(bytes, target, inputEnded);
            if (target.position() > to) {
                final int start = to;
                to = target.position();
                countLines(start);
                skipByteOrderMark();
                if (from < to) {
                    return true;
                }
            } else if (result.isError()) {
                throw FormatException.inLine(
                        file, line, "expected UTF-8 text, got other bytes: save the file as UTF-8");
            } else if (inputEnded) {
                return false;
            } else {
                readBytes();
            }
        }
    }

    private void readBytes() throws IOException {
        bytes.compact();
        final int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            inputEnded = true;
        } else {
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
    }

    private void countLines(final int start) {
        char previous = last;
        for (int i = start; i < to; i++) {
            final char c = chars[i];
            if (c == '\r' || (c == '\n' && previous != '\r')) {
                line++;
            }
            previous = c;
        }
        last = previous;
    }

    private void skipByteOrderMark() {
        if (!started && chars[from] == BYTE_ORDER_MARK) {
            from++;
        }
        started = true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
