package dev.flopscope.checkpoint;

import java.nio.ByteBuffer;

/** Turns elements of files into float32. All three types of float are exact in it. For one thread. */
final class Floats {
    /**
     * The value of every pattern of bits: to look it up takes two thirds of the time that working it out does. Made when the first
     * half is read.
     */
    private static final class Halves {
        static final float[] VALUES = new float[1 << Short.SIZE];

        static {
            for (int bits = 0; bits < VALUES.length; bits++) {
                VALUES[bits] = half(bits);
            }
        }
    }

    /** Elements of 16 bits in Java's heap, where loops over them are fast. */
    private final short[] elements;

    /** For at most so many elements at a time. */
    Floats(int most) {
        this.elements = new short[most];
    }

    /**
     * Turns the remaining bytes into floats.
     *
     * @param type F32, F16 or BF16
     * @param bytes elements in little-endian order; its position and its limit stay
     * @param values overwritten from {@code from} on
     */
    void read(ElementType type, ByteBuffer bytes, float[] values, int from) {
        int count = bytes.remaining() * Byte.SIZE / type.bits();
        if (type == ElementType.F32) {
            bytes.asFloatBuffer().get(values, from, count);
            return;
        }
        bytes.asShortBuffer().get(elements, 0, count);
        if (type == ElementType.BF16) {
            for (int i = 0; i < count; i++) {
                values[from + i] = Float.intBitsToFloat(elements[i] << Short.SIZE);
            }
        } else {
            for (int i = 0; i < count; i++) {
                values[from + i] = Halves.VALUES[Short.toUnsignedInt(elements[i])];
            }
        }
    }

    /**
     * IEEE 754 binary16: five bits of exponent, ten of fraction. Moved to where float32 has them, the exponent is too small by
     * 112, which a multiplication mends, for subnormal numbers too.
     */
    private static float half(int bits) {
        int magnitude = (bits & 0x7fff) << 13;
        float value = (bits & 0x7c00) == 0x7c00
                ? Float.intBitsToFloat(magnitude | 0x7f800000)
                : Float.intBitsToFloat(magnitude) * 0x1p112f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | (bits & 0x8000) << Short.SIZE);
    }
}
