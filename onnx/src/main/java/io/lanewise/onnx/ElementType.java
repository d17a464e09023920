package io.lanewise.onnx;

/** The types of elements that constants may have. */
enum ElementType {
    FLOAT(1, 4, Kind.REAL),
    UINT8(2, 1, Kind.INTEGER),
    INT8(3, 1, Kind.INTEGER),
    UINT16(4, 2, Kind.INTEGER),
    INT16(5, 2, Kind.INTEGER),
    INT32(6, 4, Kind.INTEGER),
    INT64(7, 8, Kind.INTEGER),
    STRING(8, 0, Kind.TEXT),
    BOOL(9, 1, Kind.INTEGER),
    FLOAT16(10, 2, Kind.REAL),
    DOUBLE(11, 8, Kind.REAL),
    UINT32(12, 4, Kind.INTEGER),
    UINT64(13, 8, Kind.INTEGER),
    BFLOAT16(16, 2, Kind.REAL);

    /** How {@link Tensor} keeps elements. */
    enum Kind {
        /** As {@code double}. */
        REAL,
        /** As {@code long}; truth as 0 and 1. */
        INTEGER,
        TEXT
    }

    private final int number;
    private final int bytes;
    private final Kind kind;

    ElementType(final int number, final int bytes, final Kind kind) {
        this.number = number;
        this.bytes = bytes;
        this.kind = kind;
    }

    /** The type that files call by this number. */
    static ElementType of(final long number) {
        for (final ElementType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new Refusal("expected elements that are floats, integers, truth values or strings, got type " + number);
    }

    /** The number by which files call it. */
    int number() {
        return number;
    }

    /** The length of an element in raw data. */
    int bytes() {
        return bytes;
    }

    boolean isReal() {
        return kind == Kind.REAL;
    }

    boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    /** The nearest value of a real type. */
    double round(final double value) {
        return switch (this) {
            case FLOAT -> (float) value;
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BFLOAT16 -> roundToBfloat16((float) value);
            default -> value;
        };
    }

    private static float roundToBfloat16(final float value) {
        if (Float.isNaN(value)) {
            return value;
        }
        final int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000); // to even
    }

    /** What is kept of an integer that does not fit: its low bits. */
    long wrap(final long value) {
        return switch (this) {
            case UINT8 -> value & 0xff;
            case INT8 -> (byte) value;
            case UINT16 -> value & 0xffff;
            case INT16 -> (short) value;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffffffffL;
            case BOOL -> value != 0 ? 1 : 0;
            default -> value;
        };
    }
}
