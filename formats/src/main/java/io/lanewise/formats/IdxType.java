package io.lanewise.formats;

import org.jspecify.annotations.Nullable;

/** The types of elements that an IDX file may have, in the third byte of its magic number. */
enum IdxType {
    UNSIGNED_BYTE(0x08, 1),
    SIGNED_BYTE(0x09, 1),
    SHORT(0x0b, 2),
    INT(0x0c, 4),
    FLOAT(0x0d, 4),
    DOUBLE(0x0e, 8);

    private final int code;
    private final int bytes;

    IdxType(final int code, final int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    static @Nullable IdxType of(final int code) {
        for (final IdxType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
