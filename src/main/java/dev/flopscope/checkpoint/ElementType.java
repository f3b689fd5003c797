package dev.flopscope.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** The types of elements that the safetensors format has, by the names that headers call them. */
enum ElementType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    ElementType(int bits) {
        this.bits = bits;
    }

    /** The type that a header calls {@code name}. */
    static Optional<ElementType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Bits of one element. */
    int bits() {
        return bits;
    }

    /** Whether elements are read as float32. */
    boolean isRead() {
        return this == F32 || this == F16 || this == BF16;
    }
}
