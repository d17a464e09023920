package io.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash is the one that its documentation names. */
final class BitHashTest {
    /** Test vectors of RFC 9923. */
    @ParameterizedTest
    @CsvSource({"'', cbf29ce484222325", "a, af63dc4c8601ec8c", "foobar, 85944171f73967e8"})
    void isFnv1a(final String text, final String expected) {
        assertEquals(expected, new BitHash().add(text).toString());
    }

    @Test
    void numbersAreTheirLittleEndianBytes() {
        final String expected = new BitHash().add("abcdefgh").toString();
        assertEquals(expected, new BitHash().add(0x64636261).add(0x68676665).toString());
        assertEquals(expected, new BitHash().add(0x6867666564636261L).toString());
        assertEquals(
                expected,
                new BitHash().add(Double.longBitsToDouble(0x6867666564636261L)).toString());
        assertEquals(
                expected,
                new BitHash()
                        .add(new float[] {Float.intBitsToFloat(0x64636261), Float.intBitsToFloat(0x68676665)})
                        .toString());
    }

    @Test
    void anyNanIsOneAndZerosAreTwo() {
        assertEquals(
                new BitHash().add(Float.NaN).toString(),
                new BitHash().add(Float.intBitsToFloat(0xffc12345)).toString());
        assertNotEquals(new BitHash().add(0f).toString(), new BitHash().add(-0f).toString());
    }
}
