package dev.flopscope.checkpoint;

import java.nio.ByteBuffer;

/** Elements of files as float32. All three types of float are exact in it. */
final class Floats {
    private Floats() {}

    /**
     * Turns the elements of {@code bytes} into floats.
     *
     * @param type F32, F16 or BF16
     * @param bytes as many elements as are wanted, in little-endian order
     * @param values overwritten from {@code from} on
     */
    static void read(ElementType type, ByteBuffer bytes, float[] values, int from) {
        int count = bytes.remaining() * Byte.SIZE / type.bits();
        switch (type) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    values[from + i] = bytes.getFloat(i * Float.BYTES);
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[from + i] = Float.intBitsToFloat(bytes.getShort(i * Short.BYTES) << Short.SIZE);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    values[from + i] = half(bytes.getShort(i * Short.BYTES));
                }
            }
        }
    }

    /**
     * IEEE 754 binary16: five bits of exponent, ten of fraction. Moved to where float32 has them, the exponent is too small by
     * 112, which a multiplication mends, for subnormal numbers too.
     */
    private static float half(short bits) {
        int magnitude = (bits & 0x7fff) << 13;
        float value = (bits & 0x7c00) == 0x7c00
                ? Float.intBitsToFloat(magnitude | 0x7f800000)
                : Float.intBitsToFloat(magnitude) * 0x1p112f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | (bits & 0x8000) << Short.SIZE);
    }
}
