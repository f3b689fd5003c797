package dev.flopscope.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements of tensors. Where a call goes on where the last one ended, as it does for rows of a matrix, it reads more of the
 * tensor than is asked for: each call of the operating system takes about as long as to copy 16 KiB. For one thread.
 */
final class ReadAhead {
    /** Bytes that are read at once: few enough that they are still in a second-level cache when they become floats. */
    private static final int BUFFER = 1 << 18;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final Floats floats = new Floats(BUFFER / Short.BYTES);
    /** What the buffer holds bytes of; null while nothing is known of them. */
    private @Nullable TensorEntry tensor;
    /** The first byte of the tensor that the buffer holds, and how many it holds. */
    private long begin;

    private int held;
    /** The byte of the tensor behind those that the last call gave. */
    private long next;

    /**
     * Fills {@code values} with elements of a tensor, in the order in which they are stored.
     *
     * @param file the file that {@code entry} is of
     * @param first the first element
     */
    void read(TensorFile file, TensorEntry entry, long first, float[] values) {
        int size = entry.type().bits() / Byte.SIZE;
        long position = first * size;
        int piece = BUFFER / size;
        for (int done = 0; done < values.length; done += piece) {
            int count = Math.min(piece, values.length - done);
            hold(file, entry, position + (long) done * size, count * size);
            floats.read(entry.type(), buffer, values, done);
        }
    }

    /** Sets the buffer to these bytes of a tensor, and reads those that it does not hold. */
    private void hold(TensorFile file, TensorEntry entry, long position, int length) {
        boolean same = entry.equals(tensor);
        if (!same || position < begin || position + length > begin + held) {
            boolean goesOn = same && position == next;
            int kept = goesOn ? (int) (begin + held - position) : 0;
            buffer.limit(held).position(held - kept);
            buffer.compact();
            long left = entry.end() - entry.begin() - position;
            buffer.limit(goesOn ? (int) Math.min(BUFFER, left) : length);
            tensor = null; // until it is read
            file.read(entry, position, buffer);
            tensor = entry;
            begin = position;
            held = buffer.limit();
        }
        int at = (int) (position - begin);
        buffer.limit(at + length).position(at);
        next = position + length;
    }
}
