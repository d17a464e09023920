package io.lanewise.formats;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * A cursor over one JSON value that accepts what the standard allows and nothing else: no duplicate keys, no unpaired
 * surrogates, no deep nesting, nothing after the value. Every refusal is a {@link FormatException}.
 */
final class StrictJson implements AutoCloseable {
    /** What the header of a safetensors file may be long, and with it every text within. */
    static final int MAX_LENGTH = 100_000_000;

    private static final int MAX_NESTING = 8;
    private static final int MAX_MESSAGE = 200;

    // Names and buffers are not kept from one file for the next: they may be large, and chosen by an attacker.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(MAX_LENGTH)
                    .maxNameLength(MAX_LENGTH)
                    .build())
            .build();

    private final Path file;
    private final String place;
    private final JsonParser parser; // stands on the first token of the value that is read next
    private @Nullable String tensor;

    private StrictJson(final Path file, final String place, final JsonParser parser) throws FormatException {
        this.file = file;
        this.place = place;
        this.parser = parser;
        next();
    }

    /** Over UTF-8 text; no other encoding is looked for. {@code place} is where messages say that the text is. */
    static StrictJson of(final Path file, final String place, final byte[] text) throws FormatException {
        final InputStreamReader reader =
                new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder());
        return new StrictJson(file, place, FACTORY.createParser(ObjectReadContext.empty(), reader));
    }

    static StrictJson of(final Path file, final String place, final String text) throws FormatException {
        return new StrictJson(file, place, FACTORY.createParser(ObjectReadContext.empty(), text));
    }

    /** The JSON text that {@code content} generates. */
    static String write(final Consumer<JsonGenerator> content) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            content.accept(generator);
        }
        return text.toString();
    }

    /** Whether a text can be written as UTF-8: no surrogate stands alone. */
    static boolean isUnicode(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return StandardCharsets.UTF_8.newEncoder().canEncode(text);
            }
        }
        return true;
    }

    /** Reads an object; {@code member} is given each key and reads its value. */
    void object(final String what, final Member member) throws FormatException {
        expect(JsonToken.START_OBJECT, what, "an object");
        while (next() != JsonToken.END_OBJECT) {
            final String key = unicode("a key", parser.currentName());
            next();
            member.read(key);
        }
    }

    /** Reads an array; {@code element} reads one element of it. */
    void array(final String what, final Element element) throws FormatException {
        expect(JsonToken.START_ARRAY, what, "an array");
        while (next() != JsonToken.END_ARRAY) {
            element.read();
        }
    }

    String string(final String what) throws FormatException {
        expect(JsonToken.VALUE_STRING, what, "a string");
        try {
            return unicode(what, parser.getString());
        } catch (final JacksonException e) {
            throw broken(e);
        }
    }

    List<String> strings(final String what) throws FormatException {
        final List<String> strings = new ArrayList<>();
        array(what, () -> strings.add(string(what)));
        return strings;
    }

    /** A whole number that is not negative. */
    long size(final String what) throws FormatException {
        expect(JsonToken.VALUE_NUMBER_INT, what, "a whole number");
        final long value;
        try {
            value = parser.getLongValue();
        } catch (final JacksonException e) {
            throw wrong(what + ": expected a number from 0 to 2^63 - 1, got one that is out of this range");
        }
        if (value < 0) {
            throw wrong(what + ": expected a number that is not negative, got " + value);
        }
        return value;
    }

    /** A number that a float can hold, to the nearest. */
    float number(final String what) throws FormatException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            expect(JsonToken.VALUE_NUMBER_INT, what, "a number");
        }
        final float value;
        try {
            value = Float.parseFloat(parser.getString());
        } catch (final JacksonException e) {
            throw broken(e);
        }
        if (Float.isInfinite(value)) {
            throw wrong(what + ": expected a number that a float can hold, got a larger one");
        }
        return value;
    }

    List<Long> sizes(final String what) throws FormatException {
        final List<Long> sizes = new ArrayList<>();
        array(what, () -> sizes.add(size(what)));
        return sizes;
    }

    /** Checks that nothing but white space follows the value. */
    void end() throws FormatException {
        if (next() != null) {
            throw wrong("expected nothing after the closing brace, got more");
        }
    }

    /** The tensor that problems are about from now on, if any; its name is put into words only when there is one. */
    void about(final @Nullable String newTensor) {
        tensor = newTensor;
    }

    FormatException wrong(final String problem) {
        return new FormatException(
                file, place + ": " + (tensor == null ? "" : "tensor " + Quoted.of(tensor) + ": ") + problem);
    }

    @Override
    public void close() {
        parser.close();
    }

    private @Nullable JsonToken next() throws FormatException {
        try {
            return parser.nextToken();
        } catch (final JacksonException e) {
            throw broken(e);
        }
    }

    private String unicode(final String what, final String text) throws FormatException {
        if (!isUnicode(text)) {
            throw wrong(what + ": expected Unicode text, got half of a surrogate pair");
        }
        return text;
    }

    private FormatException broken(final JacksonException e) {
        final String problem = e.getCause() instanceof CharacterCodingException
                ? "expected UTF-8 text, got other bytes"
                : "expected JSON: " + Quoted.plain(e.getOriginalMessage(), MAX_MESSAGE);
        return new FormatException(file, place + ": " + problem, e);
    }

    private void expect(final JsonToken expected, final String what, final String description) throws FormatException {
        final JsonToken token = parser.currentToken();
        if (token != expected) {
            throw wrong(what + ": expected " + description + ", got " + describe(token));
        }
    }

    private static String describe(final @Nullable JsonToken token) {
        return switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction or an exponent";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            default -> "null";
        };
    }

    /** Reads the value of a member of an object. */
    @FunctionalInterface
    interface Member {
        void read(String key) throws FormatException;
    }

    /** Reads an element of an array. */
    @FunctionalInterface
    interface Element {
        void read() throws FormatException;
    }
}
