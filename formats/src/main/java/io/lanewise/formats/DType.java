package io.lanewise.formats;

/** The types of elements that a tensor in a safetensors file may have. The names are those of the format. */
public enum DType {
    /** Truth values, a byte each. */
    BOOL(8),
    /** 4-bit floats. */
    F4(4),
    /** 6-bit floats with 2 bits of exponent. */
    F6_E2M3(6),
    /** 6-bit floats with 3 bits of exponent. */
    F6_E3M2(6),
    /** Unsigned bytes. */
    U8(8),
    /** Signed bytes. */
    I8(8),
    /** 8-bit floats with 5 bits of exponent. */
    F8_E5M2(8),
    /** 8-bit floats with 4 bits of exponent. */
    F8_E4M3(8),
    /** 8-bit floats that are all exponent. */
    F8_E8M0(8),
    /** Signed 16-bit integers. */
    I16(16),
    /** Unsigned 16-bit integers. */
    U16(16),
    /** IEEE half precision. */
    F16(16),
    /** The upper half of an F32. */
    BF16(16),
    /** Signed 32-bit integers. */
    I32(32),
    /** Unsigned 32-bit integers. */
    U32(32),
    /** IEEE single precision: Java's {@code float}. */
    F32(32),
    /** Pairs of F32: complex numbers. */
    C64(64),
    /** IEEE double precision: Java's {@code double}. */
    F64(64),
    /** Signed 64-bit integers. */
    I64(64),
    /** Unsigned 64-bit integers. */
    U64(64);

    private final int bits;

    DType(final int bits) {
        this.bits = bits;
    }

    /** The size of an element. */
    public int bits() {
        return bits;
    }

    /** Whether {@link Safetensors} gives the values of such tensors as {@code float}. */
    public boolean isReadable() {
        return this == F32 || this == F16 || this == BF16 || this == F64;
    }
}
